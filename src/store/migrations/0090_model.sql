-- Trained classifiers: every version, and which one is in force for each target.
CREATE TABLE model (
  id BLOB PRIMARY KEY,
  target TEXT NOT NULL CHECK (target IN ('technology', 'kind', 'impact', 'urgency')),
  number INTEGER NOT NULL,           -- counts up for each target
  source TEXT NOT NULL CHECK (source IN ('tickets', 'file')),
  examples INTEGER NOT NULL,         -- rows there were, held-out ones included
  trained_at INTEGER NOT NULL,
  trained_by TEXT NOT NULL,
  threshold REAL NOT NULL,           -- answers under it are withheld
  active INTEGER NOT NULL,
  metrics TEXT NOT NULL,             -- JSON classify::Metrics, cross-validated
  held_out TEXT NOT NULL,            -- JSON classify::Metrics, on the rows kept apart
  body BLOB NOT NULL,                -- classify::Model
  UNIQUE (target, number)
) STRICT;
CREATE UNIQUE INDEX model_active ON model (target) WHERE active = 1;
