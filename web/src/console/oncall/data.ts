import { get } from '@lib/api';
import type { Page, Ref, Rota, RotaSchedule } from '@lib/dto';
import { t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { client } from '../data';

export const useRotas = () =>
  useQuery({ queryKey: ['rotas'], queryFn: () => get<Page<Rota>>('/rotas').then((page) => page.items) });

export const useSchedule = (id: string, from: string, to: string) =>
  useQuery({
    queryKey: ['rotas', id, from, to],
    queryFn: () => get<RotaSchedule>(`/rotas/${id}/schedule`, { query: { from, to } }),
  });

export const refreshRotas = () => void client.invalidateQueries({ queryKey: ['rotas'] });

/** "Ana, Rui", or that nobody is. */
export const namesOf = (people: Ref[]) => people.map(({ name }) => name).join(', ') || t('oncall.nobody');
