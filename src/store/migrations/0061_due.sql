-- The queues count what is due by team: from the index alone.
DROP INDEX ticket_by_due;
CREATE INDEX ticket_by_due ON ticket (due_at, is_open, team) WHERE due_at IS NOT NULL;
