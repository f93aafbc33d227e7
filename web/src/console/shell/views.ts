// Queues: their names and icons by key. A team's key ends in the team's id, which the name does not need.
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';

const kIcons: Record<string, IconName> = {
  my_open: 'inbox',
  to_approve: 'stamp',
  mentions: 'at',
  team_open: 'users',
  team_due: 'clock',
  team_overdue: 'alert',
  team_unassigned: 'user',
  team_waiting: 'pause',
  team_scheduled: 'calendar',
  desk_new: 'spark',
  desk_open: 'inbox',
  desk_incidents: 'shield',
  desk_promises: 'flag',
  desk_resolved: 'check',
  desk_all: 'filter',
};

export const viewBase = (key: string) => key.split(':')[0] ?? key;
export const viewIcon = (key: string): IconName => kIcons[viewBase(key)] ?? 'inbox';
export const viewName = (key: string): string => t(`view.${viewBase(key)}`);
