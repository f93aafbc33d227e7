-- Resolved tickets that wait for their grace window to pass: few among many that are closed.
CREATE INDEX ticket_resolved ON ticket (updated_at) WHERE state = 'resolved';
