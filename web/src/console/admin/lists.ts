// Lists of what the desk's rules are made of, read by more than one page.
import { get } from '@lib/api';
import type { Calendar, Page, Policy } from '@lib/dto';
import { useQuery } from '@tanstack/react-query';

const items = <T>(path: string) => get<Page<T>>(path, { query: { limit: 200 } }).then((page) => page.items);

export const useCalendars = () =>
  useQuery({ queryKey: ['admin', 'calendars'], queryFn: () => items<Calendar>('/calendars') });
export const usePolicies = () =>
  useQuery({ queryKey: ['admin', 'policies'], queryFn: () => items<Policy>('/policies') });
