-- What reports count: one narrow row a ticket, kept up to date after each change (docs/decisions/reports.md).

CREATE TABLE report_fact (
  ticket INTEGER PRIMARY KEY,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER,
  priority INTEGER NOT NULL,
  team BLOB,
  organisation BLOB,
  technology BLOB,
  first_response INTEGER,            -- working seconds to the first answer
  resolution INTEGER,                -- working seconds to the resolution
  kept INTEGER,                      -- 1 all its clocks were met, 0 one was breached; NULL it had none
  score INTEGER,                     -- of its survey
  answered_at INTEGER
) STRICT;
CREATE INDEX report_fact_opened ON report_fact (opened_at);
CREATE INDEX report_fact_resolved ON report_fact (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX report_fact_answered ON report_fact (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX promise_settled ON promise (settled_at) WHERE settled_at IS NOT NULL;
