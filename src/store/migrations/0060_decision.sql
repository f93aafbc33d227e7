-- What the machine decided and why: long, written once, read when somebody asks. Apart from the row that each change
-- rewrites.
CREATE TABLE ticket_decision (
  ticket INTEGER PRIMARY KEY REFERENCES ticket(number),
  classification TEXT,               -- JSON triage::Classification
  routing TEXT                       -- JSON routing::Routing
) STRICT;
INSERT INTO ticket_decision (ticket, classification, routing) SELECT ticket, classification, routing FROM ticket_detail;
ALTER TABLE ticket_detail DROP COLUMN classification;
ALTER TABLE ticket_detail DROP COLUMN routing;
