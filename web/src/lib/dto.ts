// What the API speaks, by the names the interface uses. Every type is the document's own (api.gen.ts, made from
// api/openapi.json by `npm run gen`) or a part of one; ids are UUIDv7 strings, times RFC 3339 in UTC.
import type {
  AuditItem as AuditItemSent,
  BacklogAge,
  CalendarDay,
  Contact,
  Draft as DraftSent,
  Entry as EntrySent,
  HistoryLine as HistoryLineSent,
  PolicyTarget,
  PortalRow,
  PortalTicket as PortalTicketSent,
  PriorityOverride,
  Ref,
  SearchAnswer as SearchAnswerSent,
  SearchItem as SearchItemSent,
  Session as SessionSent,
  TicketContact,
  TicketRow,
  Ticket as TicketSent,
} from './api.gen';

export type * from './api.gen';
export type { Promise as TicketPromise } from './api.gen';

export type Id = string;
export type Language = NonNullable<TicketRow['language']>;
export type Priority = TicketRow['priority'];
export type Kind = TicketRow['kind'];
export type State = TicketRow['state'];
export type Channel = TicketRow['channel'];
export type ClockKind = PolicyTarget['clock'];
export type EntryKind = EntrySent['kind'];
export type Assurance = NonNullable<TicketContact['assurance']>;
export type ContactRole = Contact['roles'][number];
export type Weekday = CalendarDay['day'];
export type PortalStatus = PortalRow['status'];
export type AgeBucket = BacklogAge['bucket'];
export type Permission = SessionSent['permissions'][number];
/** A page of a list, of whatever it lists. */
export type Page<T> = { items: T[]; next_cursor?: string };

/** The document leaves these open: what they hold depends on the kind of the entry, the act, the client. */
type Facts = Record<string, unknown>;
export type Entry = EntrySent & { data: Facts };
export type AuditItem = AuditItemSent & { details: Facts };
export type HistoryLine = HistoryLineSent & { details: Facts };
export type Session = SessionSent & { preferences: Facts };
export type Ticket = TicketSent & { priority_override?: PriorityOverride & { by: Ref; at: string } };
export type PortalTicket = PortalTicketSent & { conversation: Entry[] };
export type Draft = DraftSent & { kind: 'reply' | 'note' };
export type SearchItem = SearchItemSent & { state?: State };
export type SearchAnswer = Omit<SearchAnswerSent, 'items'> & { items: SearchItem[] };
