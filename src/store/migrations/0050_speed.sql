-- Indexes for what would otherwise grow with the store.

-- How many tickets each person has open: read from the counters.
CREATE INDEX ticket_count_open ON ticket_count (assignee, n)
  WHERE n > 0 AND state IN ('new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval');

-- Who handled an organisation's newest tickets, without reading the tickets.
DROP INDEX ticket_by_organisation;
CREATE INDEX ticket_by_organisation ON ticket (organisation, is_open, updated_at, assignee);

-- Lists of open tickets in other orders than the newest change.
CREATE INDEX ticket_open_by_priority ON ticket (priority, number) WHERE is_open = 1;
CREATE INDEX ticket_open_by_due ON ticket (coalesce(due_at, 9223372036854775807), number) WHERE is_open = 1;

-- What was never resolved, for the backlog at a day in the past.
CREATE INDEX report_fact_unresolved ON report_fact (opened_at) WHERE resolved_at IS NULL;
