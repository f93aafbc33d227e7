-- Work to be done later, and where each follower of the event table stands.

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,                 -- what it is about; one job a kind and key
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
  run_at INTEGER NOT NULL,
  again_at INTEGER,                  -- asked for again while it ran
  attempts INTEGER NOT NULL,         -- begun since it was asked for
  claim INTEGER,                     -- who runs it: a random number for each claim
  lease_until INTEGER,
  payload TEXT NOT NULL,
  last_error TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (kind, key)
) STRICT;
CREATE INDEX job_waiting ON job (run_at) WHERE state = 'waiting';
CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';

CREATE TABLE follower (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,              -- the last event that was handled
  failures INTEGER NOT NULL,         -- in a row, of the events after it
  last_error TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
