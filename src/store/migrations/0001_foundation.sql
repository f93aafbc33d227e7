-- The desk: people, tickets, entries, clocks, approvals, surveys, knowledge, sign-in, audit.
-- Times are microseconds since the epoch (UTC), ids 16-byte UUIDv7, lists and documents JSON text.
-- A ticket's number is its row key; everything of a ticket refers to it by number.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- people

CREATE TABLE calendar (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  current TEXT NOT NULL              -- sla::Calendar as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_version (      -- every version that ever counted, for explaining old deadlines
  calendar BLOB NOT NULL REFERENCES calendar(id),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (calendar, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE sla_policy (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  current TEXT NOT NULL              -- sla::Policy as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE sla_policy_version (
  policy BLOB NOT NULL REFERENCES sla_policy(id),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (policy, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE technology (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  parent BLOB REFERENCES technology(id),
  level TEXT NOT NULL CHECK (level IN ('domain', 'vendor', 'product')),
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,         -- "Network security / Fortinet / FortiGate"
  keywords TEXT NOT NULL             -- JSON list of words that point at it
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  industry TEXT NOT NULL,
  regulations TEXT NOT NULL,         -- JSON list
  zone TEXT NOT NULL,
  languages TEXT NOT NULL,           -- JSON list, the first is preferred
  stage TEXT NOT NULL CHECK (stage IN ('onboarding', 'hypercare', 'production')),
  notes TEXT NOT NULL,
  technologies TEXT NOT NULL,        -- JSON list of technology ids
  security_contacts TEXT NOT NULL,   -- JSON list of {name, phone, email}
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation_domain (   -- mail domains that are this organisation's own
  domain TEXT PRIMARY KEY,
  organisation BLOB NOT NULL REFERENCES organisation(id)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  organisation BLOB NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  phones TEXT NOT NULL,
  language TEXT NOT NULL,
  roles TEXT NOT NULL,               -- JSON list: requester, approver, security, executive
  portal INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_by_organisation ON contact (organisation, name);

CREATE TABLE contact_email (
  email TEXT PRIMARY KEY,            -- lower case
  contact BLOB NOT NULL REFERENCES contact(id),
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_email_by_contact ON contact_email (contact, position);

CREATE TABLE contract (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  organisation BLOB NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  policy BLOB NOT NULL REFERENCES sla_policy(id),
  calendar BLOB NOT NULL REFERENCES calendar(id),
  channels TEXT NOT NULL,
  languages TEXT NOT NULL,
  starts_on TEXT NOT NULL,           -- YYYY-MM-DD
  ends_on TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX contract_by_organisation ON contract (organisation, starts_on);

CREATE TABLE staff (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,        -- lower case
  password TEXT,                     -- Argon2id string; NULL: cannot sign in with a password
  language TEXT NOT NULL,
  languages TEXT NOT NULL,           -- JSON list of languages spoken
  zone TEXT NOT NULL,
  roles TEXT NOT NULL,               -- JSON list
  active INTEGER NOT NULL,
  capacity INTEGER NOT NULL,         -- open tickets at the same time
  calendar BLOB REFERENCES calendar(id),
  preferences TEXT NOT NULL,         -- JSON object, the console's own
  last_assigned_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  calendar BLOB REFERENCES calendar(id),
  technologies TEXT NOT NULL         -- JSON list of technology ids whose tickets come here
) STRICT, WITHOUT ROWID;

CREATE TABLE team_member (
  team BLOB NOT NULL REFERENCES team(id),
  staff BLOB NOT NULL REFERENCES staff(id),
  PRIMARY KEY (team, staff)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_by_staff ON team_member (staff);

CREATE TABLE skill (
  id BLOB PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff(id),
  technology BLOB NOT NULL REFERENCES technology(id),
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
  certification TEXT,
  certified_until TEXT,              -- YYYY-MM-DD, the last day it counts
  proof TEXT,
  UNIQUE (staff, technology)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- sign-in

CREATE TABLE session (
  token BLOB PRIMARY KEY,            -- SHA-256 of the cookie
  kind TEXT NOT NULL CHECK (kind IN ('staff', 'customer')),
  person BLOB NOT NULL,
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  assurance TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);

CREATE TABLE one_time_link (         -- set-up and portal sign-in links
  token BLOB PRIMARY KEY,            -- SHA-256 of the token
  purpose TEXT NOT NULL,
  person BLOB,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  id BLOB PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff(id),
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,         -- SHA-256 of the key
  scopes TEXT NOT NULL,              -- JSON list of permissions, "*" for all of the person's
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (           -- answers of creations, by who asked and under which key
  actor BLOB NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,             -- SHA-256 of method, path and body
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor BLOB,
  actor_name TEXT NOT NULL,
  act TEXT NOT NULL,                 -- noun.verb
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'denied')),
  ticket INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '',  -- what it was done to
  details TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_ticket ON audit (ticket, seq) WHERE ticket <> 0;

-- ---------------------------------------------------------------- tickets

CREATE TABLE ticket (                -- narrow on purpose: lists read nothing else
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  is_open INTEGER NOT NULL,          -- derived from state: new .. in_approval
  priority INTEGER NOT NULL,
  impact INTEGER NOT NULL,
  urgency INTEGER NOT NULL,
  organisation BLOB,
  contact BLOB,
  requester_email TEXT NOT NULL,
  requester_name TEXT NOT NULL,
  team BLOB,
  assignee BLOB,
  technology BLOB,
  channel TEXT NOT NULL,
  language TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_actor TEXT NOT NULL,
  entries INTEGER NOT NULL,          -- how many; the next entry's seq is one more
  due_at INTEGER,                    -- nearest deadline of a running clock
  due_clock TEXT,
  due_state TEXT,
  due_left INTEGER,                  -- seconds left of a paused clock
  CHECK (is_open = (state IN ('new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval')))
) STRICT;
CREATE INDEX ticket_by_update ON ticket (is_open, updated_at);
CREATE INDEX ticket_by_team ON ticket (team, is_open, updated_at);
CREATE INDEX ticket_by_assignee ON ticket (assignee, is_open, updated_at);
CREATE INDEX ticket_by_organisation ON ticket (organisation, is_open, updated_at);
CREATE INDEX ticket_by_due ON ticket (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE ticket_detail (
  ticket INTEGER PRIMARY KEY REFERENCES ticket(number),
  asked_urgency INTEGER,
  override TEXT,                     -- JSON {priority, reason, by, at}
  classification TEXT,               -- JSON triage::Classification
  routing TEXT,                      -- JSON routing::Routing
  cc TEXT NOT NULL,                  -- JSON list of addresses that take part
  assurance TEXT NOT NULL,
  policy BLOB,                       -- the SLA policy and calendar that the contract gave
  policy_version INTEGER,
  calendar BLOB,
  calendar_version INTEGER,
  scheduled_until INTEGER,
  resolved_at INTEGER,
  closed_at INTEGER,
  merged_into INTEGER
) STRICT;

CREATE TABLE ticket_count (          -- maintained: what the queues show
  team BLOB NOT NULL,                -- zero-length: none
  assignee BLOB NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (team, assignee, state, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation_count (
  organisation BLOB NOT NULL,
  state TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (organisation, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_link (
  ticket INTEGER NOT NULL,
  other INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('related', 'follow_up', 'duplicate')),
  PRIMARY KEY (ticket, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_watcher (
  ticket INTEGER NOT NULL,
  staff BLOB NOT NULL,
  PRIMARY KEY (ticket, staff)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_mention (
  staff BLOB NOT NULL,
  ticket INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (staff, ticket)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_seen (           -- up to which entry a person has read
  person BLOB NOT NULL,
  ticket INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (person, ticket)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  ticket INTEGER NOT NULL,
  staff BLOB NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  cc TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (ticket, staff)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (                 -- immutable: a correction is another entry
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  author_kind TEXT NOT NULL,
  author BLOB,
  author_name TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
  body TEXT NOT NULL,
  html TEXT,                         -- sanitised
  quoted TEXT,
  data TEXT NOT NULL,                -- JSON, by kind
  UNIQUE (ticket, seq)
) STRICT;
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;
CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are kept'); END;

CREATE TABLE clock (
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  kind TEXT NOT NULL,
  instance INTEGER NOT NULL,         -- the nth of its kind on this ticket
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  due_at INTEGER,
  met_at INTEGER,
  target INTEGER NOT NULL,           -- seconds
  elapsed INTEGER NOT NULL,          -- seconds counted so far; final once met
  policy BLOB NOT NULL,
  policy_version INTEGER NOT NULL,
  breach_cause TEXT,
  PRIMARY KEY (ticket, kind, instance)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  entry_seq INTEGER,                 -- the entry that carries it
  filename TEXT NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  note TEXT NOT NULL,
  visibility TEXT NOT NULL,
  collected_kind TEXT NOT NULL,
  collected_by BLOB,
  collected_name TEXT NOT NULL,
  collected_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_ticket ON evidence (ticket);

CREATE TABLE custody (
  evidence BLOB NOT NULL REFERENCES evidence(id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  act TEXT NOT NULL,
  actor BLOB,
  actor_name TEXT NOT NULL,
  PRIMARY KEY (evidence, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE promise (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  kind TEXT NOT NULL CHECK (kind IN ('eta', 'next_update')),
  at INTEGER NOT NULL,
  until INTEGER,
  staff BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('open', 'kept', 'moved', 'broken')),
  moved INTEGER NOT NULL,            -- how often
  reason TEXT,
  settled_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_by_ticket ON promise (ticket);
CREATE INDEX promise_open ON promise (at) WHERE outcome = 'open';

CREATE TABLE approval (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL REFERENCES ticket(number),
  state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'rejected', 'withdrawn')),
  summary TEXT NOT NULL,
  resolution TEXT NOT NULL,
  asked_by BLOB NOT NULL,
  asked_at INTEGER NOT NULL,
  approver BLOB,
  decided_by BLOB,
  decided_at INTEGER,
  reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_by_ticket ON approval (ticket, asked_at);
CREATE INDEX approval_asked ON approval (asked_at) WHERE state = 'asked';

CREATE TABLE survey (
  id BLOB PRIMARY KEY,
  ticket INTEGER NOT NULL UNIQUE REFERENCES ticket(number),
  sent_at INTEGER NOT NULL,
  score INTEGER,
  comment TEXT,
  answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_answered ON survey (answered_at) WHERE answered_at IS NOT NULL;

-- ---------------------------------------------------------------- triage and knowledge

CREATE TABLE triage_policy (
  version INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  body TEXT NOT NULL                 -- triage::Policy as JSON
) STRICT;

CREATE TABLE classification_rule (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,                -- triage::Rule as JSON
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE article (
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  language TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('internal', 'public')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'published')),
  tags TEXT NOT NULL,
  author BLOB NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE article_version (
  article INTEGER NOT NULL REFERENCES article(key),
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (article, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE snippet (
  id BLOB PRIMARY KEY,
  version INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL                 -- JSON {title: {en, es, pt}, body: {en, es, pt}}
) STRICT, WITHOUT ROWID;
