-- Whom to call, in which order, and the pages: calls for a ticket that go on until somebody answers.
CREATE TABLE escalation_policy (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  steps TEXT NOT NULL,               -- JSON list of escalation::Step
  repeats INTEGER NOT NULL,
  pause INTEGER NOT NULL,            -- seconds before a further round, and before `next`
  next BLOB REFERENCES escalation_policy(id),
  is_default INTEGER NOT NULL        -- of tickets whose team names none
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX escalation_policy_default ON escalation_policy (is_default) WHERE is_default = 1;

ALTER TABLE team ADD COLUMN escalation BLOB REFERENCES escalation_policy(id);

CREATE TABLE page (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  policy_name TEXT NOT NULL,
  plan TEXT NOT NULL,                -- JSON list of escalation::PlannedStep, as the policy was when the page began
  cause TEXT NOT NULL,
  cause_key TEXT NOT NULL UNIQUE,    -- what began it, once
  note TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('calling', 'acknowledged', 'unanswered', 'ended')),
  step INTEGER NOT NULL,             -- the next of the plan
  step_at INTEGER,                   -- when it is due, while calling
  started_at INTEGER NOT NULL,
  started_by BLOB,                   -- staff; NULL: the desk itself
  acknowledged_by BLOB REFERENCES staff(id),
  acknowledged_at INTEGER,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX page_live ON page (ticket) WHERE state <> 'ended';
CREATE INDEX page_of_ticket ON page (ticket, started_at);
CREATE INDEX page_by_start ON page (started_at);

CREATE TABLE page_line (             -- what happened to a page, in order
  page BLOB NOT NULL REFERENCES page(id),
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  act TEXT NOT NULL,
  step INTEGER,                      -- of a step: each is taken once
  late INTEGER NOT NULL,
  by_id BLOB,                        -- staff; NULL: the desk itself
  by_name TEXT NOT NULL,
  note TEXT NOT NULL,
  called TEXT NOT NULL,              -- JSON list of Ref: whom a step called
  PRIMARY KEY (page, line)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX page_step_once ON page_line (page, step) WHERE step IS NOT NULL;

CREATE INDEX page_line_steps ON page_line (at) WHERE step IS NOT NULL;

CREATE TABLE clock_step_told (       -- steps of clocks that took effect
  key TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
