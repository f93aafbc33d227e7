-- What the machine decided and why: long, written once, read when somebody asks. Apart from the row that each change
-- rewrites. Rankings made before are not carried over: they are kept in another form from here on.
CREATE TABLE ticket_decision (
  ticket INTEGER PRIMARY KEY REFERENCES ticket(number),
  classification TEXT,               -- JSON triage::Classification
  routing TEXT                       -- routing::Pack
) STRICT;
INSERT INTO ticket_decision (ticket, classification) SELECT ticket, classification FROM ticket_detail;
ALTER TABLE ticket_detail DROP COLUMN classification;
ALTER TABLE ticket_detail DROP COLUMN routing;
