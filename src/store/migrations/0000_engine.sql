-- What the engine itself stands on: which migrations have run, and the outbox.

CREATE TABLE migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,            -- SHA-256 of the SQL text
  applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE event (                 -- in commit order; followers read seq > their own position
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  organisation BLOB,
  ticket INTEGER NOT NULL DEFAULT 0,
  payload TEXT NOT NULL
) STRICT;

-- The next number is the newest plus one, so the newest row must stay for numbers never to be given out twice.
CREATE TRIGGER event_newest_is_kept BEFORE DELETE ON event
WHEN OLD.seq = (SELECT max(seq) FROM event)
BEGIN SELECT RAISE(ABORT, 'the newest event is kept'); END;
CREATE TRIGGER event_is_immutable BEFORE UPDATE OF seq, at, kind, organisation, ticket ON event
BEGIN SELECT RAISE(ABORT, 'events are immutable'); END;
