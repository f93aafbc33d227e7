-- Mail in and out. Raw incoming mails are blobs, named by their SHA-256.

CREATE TABLE incoming_mail (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,          -- without brackets; '' when the mail had none
  content BLOB NOT NULL,             -- SHA-256 without trace headers: the same mail delivered again is one mail
  raw_sha256 TEXT NOT NULL,          -- the blob
  size INTEGER NOT NULL,
  at INTEGER NOT NULL,
  envelope_from TEXT NOT NULL,
  envelope_to TEXT NOT NULL,         -- JSON list
  sender TEXT NOT NULL,              -- From, lower case
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,                -- person, auto_reply, bounce, feedback, list, machine, loop
  outcome TEXT NOT NULL CHECK (outcome IN ('opened', 'appended', 'report', 'set_aside')),
  reason TEXT NOT NULL,
  ticket INTEGER NOT NULL DEFAULT 0,
  entry_seq INTEGER NOT NULL DEFAULT 0,
  defects TEXT NOT NULL,             -- JSON list
  UNIQUE (message_id, content)
) STRICT;
CREATE INDEX incoming_mail_by_ticket ON incoming_mail (ticket, id) WHERE ticket <> 0;

CREATE TABLE outgoing_letter (       -- what is written, once for all who get it
  message_id TEXT PRIMARY KEY,       -- ours, signed; the same in every attempt
  ticket INTEGER NOT NULL DEFAULT 0,
  entry_seq INTEGER NOT NULL DEFAULT 0,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  subject TEXT NOT NULL,
  header TEXT NOT NULL,
  body_text TEXT NOT NULL,           -- emptied after sending when it holds a secret link
  body_html TEXT NOT NULL,
  files TEXT NOT NULL                -- JSON list of {sha256, name, type}
) STRICT, WITHOUT ROWID;
CREATE INDEX outgoing_letter_by_entry ON outgoing_letter (ticket, entry_seq);

CREATE TABLE outgoing_mail (         -- one row a recipient
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES outgoing_letter(message_id),
  recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  last_error TEXT NOT NULL DEFAULT '',
  UNIQUE (message_id, recipient)
) STRICT;
CREATE INDEX outgoing_mail_due ON outgoing_mail (next_at) WHERE state IN ('queued', 'sending');

CREATE TABLE mail_refusal (          -- addresses that a bounce declared dead
  email TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
