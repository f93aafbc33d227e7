-- What people are told in person, by which channels, and what came of each attempt.
CREATE TABLE notice (
  id BLOB PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,          -- what is told to whom: once
  staff BLOB REFERENCES staff(id),   -- NULL: no person, but a gateway
  kind TEXT NOT NULL CHECK (kind IN ('page', 'clock', 'test')),
  ticket INTEGER NOT NULL,           -- 0: about none
  page BLOB REFERENCES page(id),
  data TEXT NOT NULL,                -- JSON, by kind
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_of_staff ON notice (staff, at);
CREATE INDEX notice_by_time ON notice (at);

CREATE TABLE delivery (              -- one channel of one notice
  id INTEGER PRIMARY KEY,
  notice BLOB NOT NULL REFERENCES notice(id),
  channel TEXT NOT NULL,
  place TEXT NOT NULL,               -- which one, where a person has several; empty: the only one
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
  message_id TEXT,                   -- of a mail
  UNIQUE (notice, channel, place)
) STRICT;

CREATE TABLE delivery_attempt (
  id INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL REFERENCES delivery(id),
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'dropped')),
  code INTEGER,                      -- what the other side answered, where it answers by number
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_attempt_of ON delivery_attempt (delivery);
