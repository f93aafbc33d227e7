-- Due times set by hand: asked by one person, decided by another.
CREATE TABLE due_date (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  clock TEXT NOT NULL,
  instance INTEGER NOT NULL,         -- which of its kind
  due_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'rejected', 'withdrawn')),
  asked_by BLOB NOT NULL,            -- staff
  asked_at INTEGER NOT NULL,
  decided_by BLOB,                   -- staff
  decided_at INTEGER,
  decision_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX due_date_by_ticket ON due_date (ticket, asked_at);
CREATE UNIQUE INDEX due_date_open ON due_date (ticket, clock) WHERE state = 'asked';
