import type { IconName } from '@lib/icons';

export type SectionKey =
  | 'organisations'
  | 'technologies'
  | 'certifications'
  | 'staff'
  | 'teams'
  | 'calendars'
  | 'policies'
  | 'escalation'
  | 'gateways'
  | 'triage'
  | 'rules'
  | 'models'
  | 'snippets'
  | 'articles'
  | 'factors'
  | 'keys'
  | 'audit';

export const adminSections: { key: SectionKey; icon: IconName; group: 'people' | 'rules' | 'words' | 'safety' }[] = [
  { key: 'organisations', icon: 'building', group: 'people' },
  { key: 'staff', icon: 'user', group: 'people' },
  { key: 'teams', icon: 'users', group: 'people' },
  { key: 'technologies', icon: 'route', group: 'people' },
  { key: 'certifications', icon: 'check', group: 'people' },
  { key: 'calendars', icon: 'calendar', group: 'rules' },
  { key: 'policies', icon: 'clock', group: 'rules' },
  { key: 'escalation', icon: 'phone', group: 'rules' },
  { key: 'gateways', icon: 'send', group: 'rules' },
  { key: 'triage', icon: 'flag', group: 'rules' },
  { key: 'rules', icon: 'rules', group: 'rules' },
  { key: 'models', icon: 'spark', group: 'rules' },
  { key: 'snippets', icon: 'note', group: 'words' },
  { key: 'articles', icon: 'book', group: 'words' },
  { key: 'factors', icon: 'lock', group: 'safety' },
  { key: 'keys', icon: 'key', group: 'safety' },
  { key: 'audit', icon: 'history', group: 'safety' },
];
