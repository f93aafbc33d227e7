import { get } from '@lib/api';
import type { EscalationPolicy, Id, Page, PageRun } from '@lib/dto';
import { useQuery } from '@tanstack/react-query';
import { client } from '../data';

const items = <T>(path: string, query = {}) => get<Page<T>>(path, { query }).then((page) => page.items);

export const useEscalationPolicies = () =>
  useQuery({ queryKey: ['escalation'], queryFn: () => items<EscalationPolicy>('/escalation-policies') });
export const useLivePages = () =>
  useQuery({ queryKey: ['pages', 'live'], queryFn: () => items<PageRun>('/pages', { live: true }) });
export const useTicketPages = (id: Id) =>
  useQuery({ queryKey: ['pages', id], queryFn: () => items<PageRun>(`/tickets/${id}/pages`) });

export const refreshPages = () => void client.invalidateQueries({ queryKey: ['pages'] });
