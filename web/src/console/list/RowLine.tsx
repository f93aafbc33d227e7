import type { TicketRow } from '@lib/dto';
import { t } from '@lib/i18n';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Column } from '../session';
import { Avatar, ChannelIcon, Icon, Lang, Prio, StateWord } from '../ui/basics';
import { ClockChip } from '../ui/clocks';

type Props = {
  row: TicketRow;
  view: string;
  current: boolean;
  focused: boolean;
  selected: boolean;
  selecting: boolean;
  hidden: Column[];
  onSelect: (row: TicketRow, range: boolean) => void;
};

export const RowLine = memo(function RowLine({
  row,
  view,
  current,
  focused,
  selected,
  selecting,
  hidden,
  onSelect,
}: Props) {
  const shows = (column: Column) => !hidden.includes(column);
  return (
    <div
      className="rowline"
      data-unread={row.unread || undefined}
      data-current={current || undefined}
      data-focused={focused || undefined}
      data-selected={selected || undefined}
    >
      {(selecting || selected) && (
        <input
          type="checkbox"
          className="row-check"
          checked={selected}
          aria-label={t('list.select', { number: row.number })}
          onChange={() => undefined}
          onClick={(event) => onSelect(row, event.shiftKey)}
        />
      )}
      <Link
        to="/q/$view/$number"
        params={{ view, number: row.number }}
        search={(old) => old as never}
        className="row"
        aria-current={current ? 'true' : undefined}
        preload={false}
      >
        <span className="row-top">
          {row.unread && <i className="dot" role="img" aria-label={t('list.unread')} />}
          <Prio value={row.priority} />
          <span className="row-number num">{row.number}</span>
          {row.clock && <ClockChip clock={row.clock} />}
        </span>
        <span className="row-subject" lang={row.language} dir="auto">
          {row.subject}
        </span>
        <span className="row-meta">
          <StateWord state={row.state} />
          {shows('organisation') && (
            <span className="row-org">{row.organisation?.name ?? row.requester.name ?? row.requester.email}</span>
          )}
          <span className="row-end">
            {row.last_actor === 'customer' && <Icon name="reply" small label={t('list.last_customer')} />}
            {shows('channel') && <ChannelIcon channel={row.channel} />}
            {shows('language') && <Lang value={row.language} />}
            {shows('assignee') && (
              <Avatar
                name={row.assignee?.name}
                label={row.assignee ? t('list.assignee', { name: row.assignee.name }) : undefined}
              />
            )}
          </span>
        </span>
      </Link>
    </div>
  );
});
