-- How people are reached: gateways that an administrator sets, and each person's own ways, rules and quiet hours.
CREATE TABLE gateway (               -- a templated HTTP request: an SMS or voice service, a chat room
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  headers TEXT NOT NULL,             -- JSON list of notify::GatewayHeader
  content_type TEXT NOT NULL,
  body TEXT NOT NULL,
  secret TEXT                        -- put where {{secret}} stands; never told
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_method (        -- a way to reach one person, apart from her mail address
  id BLOB PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff(id),
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'phone')),
  label TEXT NOT NULL,
  address TEXT NOT NULL,             -- a URL, a number
  gateway BLOB REFERENCES gateway(id),
  secret TEXT NOT NULL,              -- of a webhook: what it is signed with
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_method_of ON contact_method (staff, made_at);
CREATE INDEX contact_method_by_gateway ON contact_method (gateway) WHERE gateway IS NOT NULL;

CREATE TABLE notify_settings (
  staff BLOB PRIMARY KEY REFERENCES staff(id),
  version INTEGER NOT NULL,
  rules TEXT NOT NULL,               -- JSON list of notify::Rule
  quiet TEXT                         -- JSON of notify::QuietHours
) STRICT, WITHOUT ROWID;
