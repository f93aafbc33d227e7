-- Clocks act on their own: they warn, they are over, they call for more people.

-- The next moment at which a clock of the ticket has something to do; kept with every change of its clocks.
ALTER TABLE ticket_detail ADD COLUMN look_at INTEGER;
UPDATE ticket_detail SET look_at = (SELECT due_at FROM ticket WHERE number = ticket_detail.ticket AND is_open = 1);
CREATE INDEX ticket_detail_look_at ON ticket_detail (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE clock_step (            -- what a clock reached; each once
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  clock TEXT NOT NULL,               -- "resolution/1"
  step TEXT NOT NULL,                -- "80%", "-1800s", "+3600s", "breach"
  at INTEGER NOT NULL,               -- when it was reached
  acted_at INTEGER NOT NULL,         -- when the desk acted on it
  late INTEGER NOT NULL,             -- 0, 1
  PRIMARY KEY (ticket, clock, step)
) STRICT, WITHOUT ROWID;
