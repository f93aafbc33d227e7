-- Browsers as ways to reach a person: a third kind of contact_method, with the keys that the browser told.
CREATE TABLE contact_method_next (
  id BLOB PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff(id),
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'phone', 'push')),
  label TEXT NOT NULL,
  address TEXT NOT NULL,             -- a URL, a number
  gateway BLOB REFERENCES gateway(id),
  secret TEXT NOT NULL,              -- of a webhook: what it is signed with
  push TEXT,                         -- of a browser: JSON of notify::PushKeys
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO contact_method_next (id, staff, kind, label, address, gateway, secret, made_at)
  SELECT id, staff, kind, label, address, gateway, secret, made_at FROM contact_method;
DROP TABLE contact_method;
ALTER TABLE contact_method_next RENAME TO contact_method;
CREATE INDEX contact_method_of ON contact_method (staff, made_at);
CREATE INDEX contact_method_by_gateway ON contact_method (gateway) WHERE gateway IS NOT NULL;
CREATE UNIQUE INDEX contact_method_browser ON contact_method (address) WHERE kind = 'push';
