// What the console reads from the server, as queries; and how live events make them fresh.
import { del, get, put } from '@lib/api';
import type {
  Assurance,
  Clock,
  ClockExplanation,
  Draft,
  Entry,
  Evidence,
  HistoryLine,
  Id,
  Organisation,
  Page,
  QueueCount,
  Ref,
  Routing,
  Snippet,
  StaffName,
  Team,
  Technology,
  Ticket,
  TicketRow,
  TriagePolicy,
} from '@lib/dto';
import { type LiveState, live } from '@lib/live';
import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createStore } from './store';

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && !(error as { status?: number }).status,
      refetchOnWindowFocus: true,
    },
  },
});

export type ListFilter = {
  sort?: string;
  kind?: string;
  priority?: string;
  state?: string;
  language?: string;
  channel?: string;
  assignee?: string;
  organisation?: string;
  technology?: string;
  team?: string;
};

export const useViews = () =>
  useQuery({ queryKey: ['views'], queryFn: () => get<Page<QueueCount>>('/views').then((page) => page.items) });

export function useTickets(view: string, filter: ListFilter) {
  return useInfiniteQuery({
    queryKey: ['tickets', view, filter],
    queryFn: ({ pageParam, signal }) =>
      get<Page<TicketRow>>('/tickets', {
        query: { view, ...filter, limit: 100, cursor: pageParam || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    placeholderData: (old) => old,
  });
}

export const ticketQuery = (ref: string) => ({
  queryKey: ['ticket', ref],
  queryFn: () => get<Ticket>(`/tickets/${encodeURIComponent(ref)}`),
});
export const useTicket = (ref: string) => useQuery(ticketQuery(ref));

/** An entry with what its data names: the files, and of a message whose it is and to whom it went. */
export type TimelineEntry = Entry & {
  attachments: Evidence[];
  assurance?: Assurance;
  recipients?: { to: string[]; cc: string[] };
};
export type Presence = { staff: Ref; doing: 'viewing' | 'typing' | 'gone'; since: string };

/** Ids of the evidence that an entry names in its data. */
function evidenceOf(entry: Entry): string[] {
  const { evidence, evidence_id: single } = entry.data as { evidence?: string[]; evidence_id?: string };
  return [...(Array.isArray(evidence) ? evidence : []), ...(single ? [single] : [])];
}

function wholeEntry(entry: Entry, files: Evidence[]): TimelineEntry {
  const data = entry.data as { to?: string[]; cc?: string[]; assurance?: Assurance };
  const named = evidenceOf(entry);
  return {
    ...entry,
    attachments: files.filter((file) => named.includes(file.id)),
    assurance: data.assurance,
    recipients: data.to ? { to: data.to, cc: data.cc ?? [] } : undefined,
  };
}

export const useEntries = (id: Id | undefined) =>
  useQuery({
    queryKey: ['entries', id],
    enabled: Boolean(id),
    queryFn: async () => {
      const all: Entry[] = [];
      let cursor: string | undefined;
      // A ticket's timeline is shown whole; the bound keeps a runaway ticket from filling the page.
      for (let page = 0; page < 10; page++) {
        const answer: Page<Entry> = await get(`/tickets/${id}/entries`, {
          query: { order: 'asc', limit: 200, cursor },
        });
        all.push(...answer.items);
        cursor = answer.next_cursor === undefined ? undefined : String(answer.next_cursor);
        if (!cursor) break;
      }
      const files = all.some((entry) => evidenceOf(entry).length > 0)
        ? await client.fetchQuery({
            queryKey: ['evidence', id],
            queryFn: () => items<Evidence>(`/tickets/${id}/evidence`),
          })
        : [];
      return all.map((entry) => wholeEntry(entry, files));
    },
  });

const items = <T>(path: string) => get<Page<T>>(path, { query: { limit: 200 } }).then((page) => page.items);
const kLong = 5 * 60_000;

export const useEvidence = (id: Id) =>
  useQuery({ queryKey: ['evidence', id], queryFn: () => items<Evidence>(`/tickets/${id}/evidence`) });
export const useClocks = (id: Id) =>
  useQuery({ queryKey: ['clocks', id], queryFn: () => items<Clock>(`/tickets/${id}/clocks`) });
export const useExplanation = (id: Id, clock: Id | undefined) =>
  useQuery({
    queryKey: ['clocks', id, clock],
    enabled: Boolean(clock),
    queryFn: () => get<ClockExplanation>(`/tickets/${id}/clocks/${clock}/explain`),
  });
export const useRouting = (id: Id, enabled: boolean) =>
  useQuery({ queryKey: ['routing', id], enabled, queryFn: () => get<Routing>(`/tickets/${id}/routing`) });
export const useHistory = (id: Id) =>
  useQuery({ queryKey: ['history', id], queryFn: () => items<HistoryLine>(`/tickets/${id}/history`) });
export const useOrganisation = (id: Id | undefined) =>
  useQuery({
    queryKey: ['organisation', id],
    enabled: Boolean(id),
    queryFn: () => get<Organisation>(`/organisations/${id}`),
  });
export const usePastTickets = (organisation: Id | undefined) =>
  useQuery({
    queryKey: ['tickets', 'past', organisation],
    enabled: Boolean(organisation),
    queryFn: () =>
      get<Page<TicketRow>>('/tickets', { query: { organisation, sort: '-updated', limit: 8 } }).then(
        (page) => page.items,
      ),
  });
export const useStaffNames = () =>
  useQuery({ queryKey: ['staff-names'], staleTime: kLong, queryFn: () => items<StaffName>('/staff/names') });
export const useTeams = () => useQuery({ queryKey: ['teams'], staleTime: kLong, queryFn: () => items<Team>('/teams') });
export const useTechnologies = () =>
  useQuery({ queryKey: ['technologies'], staleTime: kLong, queryFn: () => items<Technology>('/technologies') });
export const useOrganisationNames = () =>
  useQuery({ queryKey: ['organisations'], staleTime: kLong, queryFn: () => items<Organisation>('/organisations') });
export const useTriagePolicy = () =>
  useQuery({ queryKey: ['triage-policy'], staleTime: kLong, queryFn: () => get<TriagePolicy>('/triage/policy') });
export const useSnippets = () =>
  useQuery({ queryKey: ['snippets'], staleTime: kLong, queryFn: () => items<Snippet>('/snippets') });
export const usePresence = (id: Id) =>
  useQuery({
    queryKey: ['presence', id],
    queryFn: () => items<Presence>(`/tickets/${id}/presence`),
    staleTime: 10_000,
  });

export const getDraft = (id: Id) => get<Draft | undefined>(`/tickets/${id}/draft`).catch(() => undefined);
export const putDraft = (id: Id, draft: Draft) => put<Draft | undefined>(`/tickets/${id}/draft`, draft);
export const dropDraft = (id: Id) => del<void>(`/tickets/${id}/draft`).catch(() => undefined);

export const liveState = createStore<LiveState>('connecting');
/** What a screen reader should hear of what came in. */
export const announcement = createStore('');

/** Everything that shows this ticket is fetched again. */
export function refreshTicket(ticket: { id: Id; number: string }): void {
  const { id, number } = ticket;
  for (const key of [
    ['ticket', number],
    ['ticket', id],
    ['entries', id],
    ['evidence', id],
    ['clocks', id],
    ['routing', id],
    ['history', id],
    ['presence', id],
    ['pages'],
  ]) {
    void client.invalidateQueries({ queryKey: key });
  }
  refreshLists();
}

let listTimer: ReturnType<typeof setTimeout> | undefined;
/** Lists and counts, at most every 400 ms however many events come. */
export function refreshLists(): void {
  if (listTimer) return;
  listTimer = setTimeout(() => {
    listTimer = undefined;
    void client.invalidateQueries({ queryKey: ['views'] });
    void client.invalidateQueries({ queryKey: ['tickets'] });
  }, 400);
}

export function startLive(say: (kind: string, number: string) => string): () => void {
  const connection = live({
    onState: liveState.set,
    onReset: () => void client.invalidateQueries(),
    onEvent: (event) => {
      if (event.kind.startsWith('presence') && event.ticket) {
        void client.invalidateQueries({ queryKey: ['presence', event.ticket.id] });
        return;
      }
      if (event.kind === 'rota.changed') {
        void client.invalidateQueries({ queryKey: ['rotas'] });
        return;
      }
      if (event.kind === 'escalation.changed') {
        void client.invalidateQueries({ queryKey: ['escalation'] });
        return;
      }
      if (event.ticket) refreshTicket(event.ticket);
      else refreshLists();
      if (event.kind === 'ticket.created' && event.ticket) announcement.set(say(event.kind, event.ticket.number));
    },
  });
  return connection.close;
}

/** Moves a ticket's own copy to what the server answered, then refreshes whatever hangs on it. */
export function tookTicket(ticket: Ticket): void {
  client.setQueryData(['ticket', ticket.number], ticket);
  client.setQueryData(['ticket', ticket.id], ticket);
  refreshTicket(ticket);
}

export const refChoices = (refs: Ref[] | undefined) => (refs ?? []).map((ref) => ({ value: ref.id, label: ref.name }));
