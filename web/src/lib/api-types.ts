// What the API speaks, as TypeScript. Ids are UUIDv7 strings, times RFC 3339 in UTC.
export type Id = string;
export type Time = string;
export type Language = 'en' | 'es' | 'pt';
export type Priority = 'P1' | 'P2' | 'P3' | 'P4';
export type Level = 1 | 2 | 3 | 4;
export type Kind = 'request' | 'fault' | 'question' | 'event' | 'incident' | 'vulnerability' | 'onboarding';
export type State =
  | 'new'
  | 'open'
  | 'waiting_customer'
  | 'waiting_third_party'
  | 'scheduled'
  | 'in_approval'
  | 'resolved'
  | 'closed'
  | 'merged'
  | 'spam';
export type Channel = 'mail' | 'portal' | 'api' | 'phone' | 'chat' | 'alert';
export type ClockKind = 'first_response' | 'next_response' | 'keep_informed' | 'resolution' | 'acknowledge';
export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';
export type Assurance = 'unknown' | 'claimed' | 'authenticated' | 'verified';
export type Ref = { id: Id; name: string };
export type Page<T> = { items: T[]; next_cursor?: string; total?: number };

export type Session = {
  kind: 'staff' | 'customer';
  id: Id;
  name: string;
  email: string;
  language: Language;
  zone: string;
  roles: string[];
  permissions: string[];
  csrf: string;
  organisation?: Ref;
  teams: Ref[];
  preferences: Record<string, unknown>;
};

export type Staff = {
  id: Id;
  name: string;
  email: string;
  language: Language;
  languages: Language[];
  zone: string;
  roles: string[];
  teams: Ref[];
  active: boolean;
  capacity: number;
  open_tickets: number;
  on_shift: boolean;
  calendar?: Ref;
  version: number;
};
export type StaffName = { id: Id; name: string; on_shift: boolean };
export type Skill = {
  id: Id;
  technology: Ref;
  level: 1 | 2 | 3;
  certification?: string;
  certified_until?: string;
  proof?: string;
  valid: boolean;
};
export type Team = {
  id: Id;
  name: string;
  calendar?: Ref;
  members: Ref[];
  technologies?: Ref[];
  open_tickets: number;
  version: number;
};
export type Key = {
  id: Id;
  name: string;
  scopes: string[];
  created_at: Time;
  expires_at?: Time;
  last_used_at?: Time;
  secret?: string;
};
export type Contract = {
  id: Id;
  name: string;
  policy: Ref;
  calendar: Ref;
  channels: Channel[];
  languages: Language[];
  starts_on: string;
  ends_on?: string;
  version: number;
};
export type Organisation = {
  id: Id;
  name: string;
  industry: string;
  regulations: string[];
  zone: string;
  languages: Language[];
  stage: 'onboarding' | 'hypercare' | 'production';
  notes: string;
  domains: string[];
  technologies: Ref[];
  security_contacts: { name: string; phone: string; email: string }[];
  contract?: Contract;
  open_tickets: number;
  csat?: number;
  version: number;
};
export type ContactRole = 'requester' | 'approver' | 'security' | 'executive';
export type Contact = {
  id: Id;
  organisation: Ref;
  name: string;
  emails: string[];
  phones: string[];
  language: Language;
  roles: ContactRole[];
  portal: boolean;
  version: number;
};
export type Technology = {
  id: Id;
  parent_id?: Id;
  name: string;
  path: string;
  level: 'domain' | 'vendor' | 'product';
  keywords: string[];
  version: number;
};
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export type Window = { from: string; to: string };
export type Calendar = {
  id: Id;
  name: string;
  zone: string;
  week: { day: Weekday; windows: Window[] }[];
  exceptions: { date: string; closed?: boolean; windows?: Window[]; name?: string }[];
  /** On one date, or each year on a month and day (MM-DD). */
  holidays: { date?: string; yearly?: string; name: string }[];
  open_now: boolean;
  next_change?: Time;
  version: number;
};
export type Policy = {
  id: Id;
  name: string;
  version: number;
  targets: { priority: Priority; clock: ClockKind; seconds: number }[];
  pauses: { clock: ClockKind; states: State[] }[];
  warn_percent: number;
};
export type Localised = Record<Language, string>;
export type Criterion = { level: number; title: Localised; criteria: Localised };
export type TriagePolicy = {
  version?: number;
  matrix: Priority[][];
  impact: Criterion[];
  urgency: Criterion[];
  apply_threshold: number;
  high_share_bound: number;
  no_approval_kinds: Kind[];
};
export type ClassificationRule = {
  id: Id;
  name: string;
  words: string[];
  languages?: Language[];
  technology?: Ref;
  kind?: Kind;
  impact?: number;
  urgency?: number;
  weight: number;
  active: boolean;
  version: number;
};

export type Guess<T> = { value: T; confidence: number; words: string[]; applied: boolean };
export type Classification = {
  technology?: { id: Id; name: string; confidence: number; words: string[]; applied: boolean };
  kind?: Guess<Kind>;
  impact?: Guess<number>;
  urgency?: Guess<number>;
  language?: Language;
  by: 'machine' | 'person';
  version: string;
};
export type Routing = {
  chosen?: Ref;
  gap?: 'no_one_certified' | 'none_on_shift' | 'all_full' | 'none_speaks_language';
  at: Time;
  ranking: {
    staff: Ref;
    score: number;
    chosen: boolean;
    eligible: boolean;
    facts: { criterion: string; ok: boolean; text: string }[];
  }[];
};
export type Clock = {
  id: Id;
  kind: ClockKind;
  state: ClockState;
  started_at: Time;
  due_at?: Time;
  met_at?: Time;
  target_seconds: number;
  elapsed_seconds: number;
  remaining_seconds?: number;
  policy: { id: Id; name: string; version: number };
  calendar: Ref;
  breach_cause?: string;
  warn_at?: Time;
};
export type ClockBrief = { kind: ClockKind; state: ClockState; due_at?: Time; remaining_seconds?: number };
export type ClockExplanation = {
  clock: Clock;
  segments: { from: Time; to: Time; seconds: number; counted: boolean; why: string; text: string }[];
  events: { at: Time; what: string }[];
  text: string;
};
export type PromiseKind = 'eta' | 'next_update';
export type TicketPromise = {
  id: Id;
  kind: PromiseKind;
  at: Time;
  until?: Time;
  by: Ref;
  made_at: Time;
  outcome: 'open' | 'kept' | 'moved' | 'broken';
  moved: number;
  reason?: string;
};
export type Approval = {
  id: Id;
  ticket: { id: Id; number: string };
  state: 'asked' | 'approved' | 'rejected' | 'withdrawn';
  summary: string;
  resolution: string;
  asked_by: Ref;
  asked_at: Time;
  approver?: Ref;
  decided_by?: Ref;
  decided_at?: Time;
  reason?: string;
  may_decide: boolean;
  why_not?: string;
};
export type Row = {
  id: Id;
  number: string;
  subject: string;
  state: State;
  kind: Kind;
  priority: Priority;
  organisation?: Ref;
  requester: { name: string; email: string };
  assignee?: Ref;
  team?: Ref;
  technology?: Ref;
  channel: Channel;
  language?: Language;
  created_at: Time;
  updated_at: Time;
  last_actor: 'customer' | 'staff' | 'system';
  unread: boolean;
  clock?: ClockBrief;
  version: number;
};
export type Ticket = Row & {
  asked_urgency?: number;
  impact: number;
  urgency: number;
  priority_override?: { priority: Priority; reason: string; by: Ref; at: Time };
  priority_reason?: string;
  classification?: Classification;
  routing?: Routing;
  clocks: Clock[];
  promises: TicketPromise[];
  approval?: Approval;
  contact?: { id: Id; name: string; email: string; language: Language; assurance: Assurance };
  cc: string[];
  watchers: Ref[];
  scheduled_until?: Time;
  resolved_at?: Time;
  closed_at?: Time;
  merged_into?: { id: Id; number: string };
  links: { kind: 'related' | 'follow_up' | 'duplicate'; id: Id; number: string; subject: string }[];
  survey?: { score: number; comment?: string; at: Time };
  allowed: string[];
  step: number;
  reply_to?: string[];
};
export type View = {
  key: string;
  group: 'mine' | 'team' | 'desk';
  name?: string;
  team_id?: Id;
  count: number;
  alert: boolean;
};

export type CustodyEvent = { at: Time; act: 'collected' | 'read' | 'verified' | 'exported'; by: string };
export type Evidence = {
  id: Id;
  filename: string;
  size: number;
  media_type: string;
  sha256: string;
  source: string;
  collected_by: { kind: string; name: string };
  collected_at: Time;
  visibility: 'public' | 'internal';
  custody: CustodyEvent[];
  intact?: boolean;
};
export type EntryKind =
  | 'message'
  | 'note'
  | 'call'
  | 'work_record'
  | 'evidence'
  | 'approval'
  | 'state_change'
  | 'promise'
  | 'system'
  | 'triage'
  | 'routing'
  | 'survey';
export type Entry = {
  id: Id;
  seq: number;
  kind: EntryKind;
  at: Time;
  author: { kind: 'staff' | 'customer' | 'system'; id?: Id; name: string };
  visibility: 'public' | 'internal';
  body_text?: string;
  body_html?: string;
  quoted_text?: string;
  assurance?: Assurance;
  delivery?: { state: 'queued' | 'sent' | 'failed' | 'received'; detail?: string };
  recipients?: { to: string[]; cc: string[] };
  attachments: Evidence[];
  data: Record<string, unknown>;
};
export type Draft = { kind: 'reply' | 'note'; body: string; cc?: string[]; saved_at?: Time };
export type Presence = { staff: Ref; doing: 'viewing' | 'typing' | 'gone'; since: Time };
export type AuditRow = { at: Time; by: string; act: string; details: Record<string, unknown> };
export type AuditItem = {
  seq: number;
  at: Time;
  actor: { kind: string; id?: Id; name?: string };
  act: string;
  subject?: string;
  ticket?: string;
  outcome: 'done' | 'denied';
  details: Record<string, unknown>;
};
export type BulkResult = { results: { id: Id; ok: boolean; problem?: string }[] };

export type Article = {
  id: Id;
  title: string;
  body: string;
  body_html: string;
  language: Language;
  visibility: 'internal' | 'public';
  tags: string[];
  state: 'draft' | 'published';
  updated_at: Time;
  by: Ref;
  version: number;
};
export type Snippet = { id: Id; key: string; title: Localised; body: Localised; version: number };
export type SearchHit = {
  type: 'ticket' | 'entry' | 'article';
  id: Id;
  number?: string;
  ticket_id?: Id;
  seq?: number;
  title: string;
  snippet_html: string;
  at: Time;
  organisation?: Ref;
  state?: State;
  priority?: Priority;
};
export type SearchAnswer = {
  items: SearchHit[];
  total: { value: number; capped: boolean };
  query: { text: string; problems: string[] };
  next_cursor?: string;
};
export type Figures = {
  open_now: number;
  opened: number;
  resolved: number;
  sla_kept: number | null;
  first_response_median_seconds?: number;
  resolution_median_seconds?: number;
  csat?: number;
  csat_answers: number;
  promises_kept?: number;
};
export type WeekRow = {
  week: string;
  opened: number;
  resolved: number;
  sla_kept?: number;
  sla_kept_high?: number;
  first_response_median_seconds?: number;
  csat?: number;
  high_share?: number;
};
export type GroupRow = {
  id: Id;
  name: string;
  open: number;
  opened: number;
  resolved: number;
  sla_kept?: number;
  first_response_median_seconds?: number;
  resolution_median_seconds?: number;
  csat?: number;
  high_share?: number;
};
export type AgeBucket = 'under_4h' | '4h_24h' | '1d_3d' | '3d_7d' | 'over_7d';
export type Dashboard = Figures & {
  from: Time;
  to: Time;
  previous: Figures;
  weeks: WeekRow[];
  backlog_by_age: ({ bucket: AgeBucket } & Record<Priority, number>)[];
  by_team: GroupRow[];
  by_technology: GroupRow[];
  by_organisation: GroupRow[];
  csat_scores: { score: number; count: number }[];
  comments: { score: number; comment: string; organisation?: string; number: string; at: Time }[];
  promises: { kept: number; moved: number; broken: number; open: number };
  needs_you: { overdue: number; approvals: number; promises_due: number; oldest_overdue?: { id: Id; number: string } };
  certification_gaps: {
    technology: Ref;
    level: number;
    holders: number;
    expires_on?: string;
    state: 'gap' | 'soon' | 'ok';
  }[];
};
export type About = { name: string; version: string; desk_name: string; mail_address: string };

export type PortalStatus = 'received' | 'classified' | 'investigating' | 'waiting_you' | 'to_confirm' | 'closed';
export type PortalRow = {
  id: Id;
  number: string;
  subject: string;
  status: PortalStatus;
  priority: Priority;
  opened_at: Time;
  updated_at: Time;
  eta?: Time;
  next_update?: Time;
  requester: string;
  unread: boolean;
};
export type PortalTicket = Omit<PortalRow, 'eta' | 'next_update'> & {
  steps: {
    key: 'received' | 'classified' | 'investigated' | 'confirm' | 'closed';
    at?: Time;
    state: 'done' | 'now' | 'ahead';
  }[];
  eta?: { at: Time; until?: Time; by: string };
  next_update?: { at: Time; by: string };
  promises: { kept: number; total: number };
  specialist?: { name: string; level?: number };
  reviewer?: { name: string };
  technology?: string;
  contract?: { name: string; ends_on?: string };
  cc: string[];
  assurance: Assurance;
  actions: { at: Time; text: string; ok: boolean }[];
  conversation: Entry[];
  evidence: Evidence[];
  may: { answer: boolean; confirm: boolean; rate: boolean };
  survey?: { score: number; comment?: string };
  grace_until?: Time;
};
export type SurveyPage = {
  ticket: { number: string; subject: string };
  score?: number;
  comment?: string;
  language: Language;
};
