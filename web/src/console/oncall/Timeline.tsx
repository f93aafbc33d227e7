// A week or four of a rota: a lane for each layer, the final schedule below them. Days are those of the rota's zone.
import type { Ref, Rota, RotaSchedule } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { brief } from '@lib/time';
import { weekDays } from '@lib/zone';
import { useState } from 'react';
import { useMinute } from '../store';
import { Avatar, Empty, groundOf, Icon, Loading } from '../ui/basics';
import { Segments } from '../ui/forms';
import { explainError } from '../ui/toast';
import { namesOf, useSchedule } from './data';

type Stretch = { from: string; to: string; people: Ref[]; overridden?: boolean };
type Length = '7' | '28';

const kDayMs = 86_400_000;

export function Timeline({ rota }: { rota: Rota }) {
  const now = useMinute();
  const [length, setLength] = useState<Length>('7');
  const [shift, setShift] = useState(0); // in steps of the length
  const count = Number(length);
  const days = weekDays(rota.zone, new Date(now.getTime() + shift * count * kDayMs), count);
  const from = days[0]!;
  const to = days[count]!;
  const schedule = useSchedule(rota.id, from.toISOString(), to.toISOString());
  const share = (at: string | Date) =>
    (100 * (Math.min(Math.max(new Date(at).getTime(), from.getTime()), to.getTime()) - from.getTime())) /
    (to.getTime() - from.getTime());
  const heading = new Intl.DateTimeFormat(language(), {
    timeZone: rota.zone,
    weekday: count === 7 ? 'short' : undefined,
    day: 'numeric',
    month: count === 7 ? 'short' : undefined,
  });
  const period = new Intl.DateTimeFormat(language(), {
    timeZone: rota.zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).formatRange(from, new Date(to.getTime() - 1));
  return (
    <section className="oncall-timeline" aria-label={t('oncall.schedule')}>
      <div className="oncall-tools">
        <Segments
          label={t('oncall.length')}
          value={length}
          onChange={(value) => {
            setLength(value);
            setShift(0);
          }}
          choices={[
            { value: '7', label: t('oncall.week') },
            { value: '28', label: t('oncall.four_weeks') },
          ]}
        />
        <button
          type="button"
          className="iconbtn"
          aria-label={t('oncall.earlier')}
          onClick={() => setShift((old) => old - 1)}
        >
          <Icon name="back" />
        </button>
        <button type="button" className="btn sm" disabled={shift === 0} onClick={() => setShift(0)}>
          {t('oncall.today')}
        </button>
        <button
          type="button"
          className="iconbtn"
          aria-label={t('oncall.later')}
          onClick={() => setShift((old) => old + 1)}
        >
          <Icon name="chevronRight" />
        </button>
        <strong>{period}</strong>
        <span className="hint">{t('oncall.times_in', { zone: rota.zone.replaceAll('_', ' ') })}</span>
      </div>
      {schedule.isPending && <Loading lines={3} />}
      {schedule.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          <p>{explainError(schedule.error)}</p>
        </Empty>
      )}
      {schedule.data && (
        <>
          <section className="oncall-lanes" tabIndex={0} aria-label={t('oncall.lanes')}>
            <div className="oncall-lane head" aria-hidden="true">
              <span />
              <div>
                {days.slice(0, -1).map((day) => (
                  <span key={day.getTime()} style={{ left: `${share(day)}%`, width: `${100 / count}%` }}>
                    {heading.format(day)}
                  </span>
                ))}
              </div>
            </div>
            {schedule.data.layers
              .map((layer, i) => (
                <Lane
                  key={i}
                  name={layer.name}
                  zone={rota.zone}
                  share={share}
                  stretches={layer.turns.map(({ person, ...turn }) => ({ ...turn, people: [person] }))}
                />
              ))
              .reverse()}
            <Lane name={t('oncall.final')} zone={rota.zone} share={share} stretches={schedule.data.duties} final />
            {from <= now && now < to && (
              <div className="oncall-now" aria-hidden="true">
                <i style={{ left: `${share(now)}%` }} />
              </div>
            )}
          </section>
          <Duties schedule={schedule.data} zone={rota.zone} />
        </>
      )}
    </section>
  );
}

function Lane(props: {
  name: string;
  zone: string;
  stretches: Stretch[];
  share: (at: string) => number;
  final?: boolean;
}) {
  const now = useMinute();
  return (
    <div className={props.final ? 'oncall-lane final' : 'oncall-lane'}>
      <span>{props.name}</span>
      <div>
        {props.stretches.map((one) => {
          const left = props.share(one.from);
          const text = `${namesOf(one.people)}: ${brief(one.from, props.zone, now)} – ${brief(one.to, props.zone, now)}`;
          const kind = one.people.length === 0 ? 'gap' : one.overridden ? 'overridden' : '';
          return (
            <span
              key={one.from}
              className={`oncall-bar ${kind}`}
              title={text}
              style={{
                left: `${left}%`,
                width: `${props.share(one.to) - left}%`,
                borderBottomColor: one.people[0] && groundOf(one.people[0].name),
              }}
            >
              {one.people.map((person) => (
                <Avatar key={person.id} name={person.name} />
              ))}
              <span>{namesOf(one.people)}</span>
            </span>
          );
        })}
      </div>
    </div>
  );
}

/** The final schedule in words. */
function Duties({ schedule, zone }: { schedule: RotaSchedule; zone: string }) {
  const now = useMinute();
  return (
    <details className="oncall-duties">
      <summary>{t('oncall.as_list')}</summary>
      <div className="table-wrap">
        <table className="table">
          <caption className="sr">{t('oncall.final')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('oncall.from')}</th>
              <th scope="col">{t('oncall.to')}</th>
              <th scope="col">{t('oncall.who')}</th>
            </tr>
          </thead>
          <tbody>
            {schedule.duties.map((duty) => (
              <tr key={duty.from}>
                <td>{brief(duty.from, zone, now)}</td>
                <td>{brief(duty.to, zone, now)}</td>
                <td>
                  {namesOf(duty.people)}
                  {duty.overridden && ` (${t('oncall.overridden')})`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
