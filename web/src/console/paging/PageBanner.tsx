import type { Ticket } from '@lib/dto';
import { useTicketPages } from './data';
import { PageCard } from './PageCard';

/** On a ticket for which somebody is called, or has answered. */
export function PageBanner({ ticket }: { ticket: Ticket }) {
  const live = useTicketPages(ticket.id).data?.find((page) => page.state !== 'ended');
  return live ? <PageCard page={live} /> : null;
}
