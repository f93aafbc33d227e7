/** @jsxImportSource preact */
// The customer's requests, or all of the organisation's.
import { get, url } from '@lib/api';
import type { Page, PortalRow, PortalStatus, Session } from '@lib/dto';
import { t } from '@lib/i18n';
import type { IconName } from '@lib/icons';
import { exact } from '@lib/time';
import { useState } from 'preact/hooks';
import { useLoaded } from './data';
import { go, kHome, ticketPath } from './router';
import { Icon, Problem, Title, Waiting } from './ui';
import { brief, moment, statusWord } from './words';

const kIcons: Record<PortalStatus, IconName> = {
  received: 'inbox',
  classified: 'filter',
  investigating: 'search',
  waiting_you: 'reply',
  to_confirm: 'checkCircle',
  closed: 'lock',
};
const kAsksYou: PortalStatus[] = ['waiting_you', 'to_confirm'];

function next(row: PortalRow, zone: string, now: Date): string | undefined {
  if (row.status === 'closed' || kAsksYou.includes(row.status)) return undefined;
  if (row.next_update) return t('row.next_update', { when: moment(row.next_update, zone, now) });
  if (row.eta) return t('row.eta', { when: moment(row.eta, zone, now) });
  return undefined;
}

function Row({ row, zone, now }: { row: PortalRow; zone: string; now: Date }) {
  const ahead = next(row, zone, now);
  return (
    <li>
      <a href={ticketPath(row.number)} class={row.unread ? 'row unread' : 'row'}>
        <span class="what">
          <span class="num">{row.number}</span>
          <b>
            {row.unread && <i class="dot" aria-hidden="true" />}
            {row.subject}
            {row.unread && <span class="sr">{t('row.unread')}</span>}
          </b>
          <span class="quiet">
            {row.requester}
            {ahead && ` · ${ahead}`}
          </span>
        </span>
        <span class={kAsksYou.includes(row.status) ? 'chip acc' : 'chip'}>
          <Icon name={kIcons[row.status]} />
          {statusWord(row.status)}
        </span>
        <time dateTime={row.updated_at} title={exact(row.updated_at, zone)}>
          {brief(row.updated_at, zone, now)}
        </time>
      </a>
    </li>
  );
}

type Choice = { state: 'open' | 'closed'; mine: boolean };

function chosen(): Choice {
  const query = new URLSearchParams(location.search);
  return { state: query.get('state') === 'closed' ? 'closed' : 'open', mine: query.get('mine') !== 'false' };
}

function Choices({ session, choice }: { session: Session; choice: Choice }) {
  const pick = (next: Partial<Choice>) => {
    const { state, mine } = { ...choice, ...next };
    go(`${kHome}?state=${state}&mine=${mine}`, 'replace');
  };
  const button = (label: string, on: boolean, act: () => void) => (
    <button type="button" aria-pressed={on} onClick={act}>
      {label}
    </button>
  );
  return (
    <div class="choices">
      <div class="switch" role="group" aria-label={t('list.which')}>
        {button(t('list.open'), choice.state === 'open', () => pick({ state: 'open' }))}
        {button(t('list.closed'), choice.state === 'closed', () => pick({ state: 'closed' }))}
      </div>
      {session.organisation && (
        <div class="switch" role="group" aria-label={t('list.whose')}>
          {button(t('list.mine'), choice.mine, () => pick({ mine: true }))}
          {button(session.organisation.name, !choice.mine, () => pick({ mine: false }))}
        </div>
      )}
    </div>
  );
}

function Empty({ choice }: { choice: Choice }) {
  const id = choice.state === 'closed' ? 'list.none_closed' : choice.mine ? 'list.none_mine' : 'list.none';
  return (
    <div class="card empty">
      <Icon name="inbox" />
      <p>{t(id)}</p>
      {choice.state === 'open' && (
        <a class="btn pri" href={`${kHome}/new`}>
          {t('nav.new')}
        </a>
      )}
    </div>
  );
}

export function Requests({ session }: { session: Session }) {
  const choice = chosen();
  const query = { state: choice.state, mine: choice.mine };
  const path = url('/portal/tickets', query).replace(/^\/api\/v1/, '');
  const list = useLoaded<Page<PortalRow>>(path, true);
  const [more, setMore] = useState<{ path: string; items: PortalRow[]; cursor?: string }>();
  const [failed, setFailed] = useState<unknown>();
  const now = new Date();
  const added = more?.path === path ? more : undefined;
  const cursor = added ? added.cursor : list.value?.next_cursor;
  const first = list.value?.items ?? [];
  const rows = [...first, ...(added?.items ?? []).filter((row) => !first.some((one) => one.id === row.id))];

  const fetchMore = () => {
    setFailed(undefined);
    get<Page<PortalRow>>('/portal/tickets', { query: { ...query, cursor } })
      .then((page) => setMore({ path, items: [...(added?.items ?? []), ...page.items], cursor: page.next_cursor }))
      .catch(setFailed);
  };
  return (
    <div class="wrap one">
      <header class="head split">
        <Title name={t('list.title')}>{t('list.title')}</Title>
        <a class="btn pri" href={`${kHome}/new`}>
          <Icon name="edit" />
          {t('nav.new')}
        </a>
      </header>
      <Choices session={session} choice={choice} />
      {list.error !== undefined && <Problem error={list.error} retry={list.reload} />}
      {!list.value && list.error === undefined && <Waiting lines={6} />}
      {list.value && rows.length === 0 && <Empty choice={choice} />}
      {rows.length > 0 && (
        <ul class="card rows" aria-label={t('list.title')}>
          {rows.map((row) => (
            <Row key={row.id} row={row} zone={session.zone} now={now} />
          ))}
        </ul>
      )}
      {failed !== undefined && <Problem error={failed} />}
      {cursor && (
        <button type="button" class="btn" onClick={fetchMore}>
          {t('list.more')}
        </button>
      )}
    </div>
  );
}
