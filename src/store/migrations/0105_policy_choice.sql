-- Which SLA policy a ticket gets: an ordered list of rules, every version of it, and why each ticket got its own.
CREATE TABLE sla_choice (
  version INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  revision TEXT NOT NULL,            -- random: names what was made of this version
  body TEXT NOT NULL                 -- calendars::Choice as JSON; the first rule that holds decides
) STRICT;

ALTER TABLE ticket_detail ADD COLUMN policy_choice TEXT;  -- JSON ticket::PolicyChoice
