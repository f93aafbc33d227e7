-- What the desk must read back and nobody else may: sealed with a key that lies outside of the store.

CREATE TABLE secret (
  kind TEXT NOT NULL,
  owner BLOB NOT NULL,               -- id of the row that it belongs to; all zeros: the desk's own
  key BLOB,                          -- id of the key that sealed it; NULL: in the clear, until the desk starts with a key
  value BLOB NOT NULL,               -- nonce, ciphertext, tag
  PRIMARY KEY (kind, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_by_key ON secret (key);

INSERT INTO secret (kind, owner, value) SELECT 'totp', staff, secret FROM totp;
INSERT INTO secret (kind, owner, value)
  SELECT 'webhook', id, CAST(secret AS BLOB) FROM contact_method WHERE kind = 'webhook';
INSERT INTO secret (kind, owner, value)
  SELECT 'webhook_address', id, CAST(address AS BLOB) FROM contact_method WHERE kind = 'webhook';
INSERT INTO secret (kind, owner, value)
  SELECT 'gateway', id, CAST(secret AS BLOB) FROM gateway WHERE secret IS NOT NULL;
INSERT INTO secret (kind, owner, value)
  SELECT CASE name WHEN 'mail.key' THEN 'mail' WHEN 'survey.secret' THEN 'survey' WHEN 'push.secret' THEN 'push'
              ELSE 'page' END, zeroblob(16),
         CAST(value AS BLOB)
  FROM setting WHERE name IN ('mail.key', 'survey.secret', 'escalation.link_secret', 'push.secret');

DELETE FROM setting WHERE name IN ('mail.key', 'survey.secret', 'escalation.link_secret', 'push.secret');
UPDATE contact_method SET address = '' WHERE kind = 'webhook';  -- told only to the channel
ALTER TABLE contact_method DROP COLUMN secret;
ALTER TABLE gateway DROP COLUMN secret;
ALTER TABLE totp DROP COLUMN secret;
