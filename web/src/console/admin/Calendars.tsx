import { post } from '@lib/api';
import type { Calendar, HolidaySet, TimeWindow, Weekday } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Icon, When } from '../ui/basics';
import { TextField } from '../ui/forms';
import { done, failed } from '../ui/toast';
import { Crud } from './Crud';
import { HolidaySets, YearDialog } from './HolidaySets';
import { zoneChoices } from './Organisations';
import { TryOnPast } from './TryOnPast';

const kDays: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayName = (day: Weekday) =>
  new Intl.DateTimeFormat(language(), { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, 1 + kDays.indexOf(day))),
  );
const text = (value: unknown) => (typeof value === 'string' ? value : '');
type Week = Calendar['week'];
type Holidays = Calendar['holidays'];
type Exceptions = Calendar['exceptions'];

export function Calendars() {
  const [year, setYear] = useState<Calendar>();
  return (
    <>
      <Crud<Calendar>
        title={t('admin.calendars')}
        hint={t('admin.calendars.hint')}
        icon="calendar"
        path="/calendars"
        queryKey={['admin', 'calendars']}
        nameOf={(item) => item.name}
        columns={[
          { head: t('field.name'), cell: (item) => item.name },
          { head: t('prefs.zone'), cell: (item) => item.zone.replaceAll('_', ' ') },
          {
            head: t('calendar.now'),
            cell: (item) => (
              <span className={`chip ${item.open_now ? 'ok' : 'hold'}`}>
                <Icon name={item.open_now ? 'check' : 'pause'} small />
                {item.open_now ? t('calendar.open') : t('calendar.closed')}
              </span>
            ),
          },
          { head: t('calendar.next'), cell: (item) => (item.next_change ? <When at={item.next_change} /> : '—') },
          {
            head: t('calendar.applies_from'),
            cell: (item) => (item.applies_from ? <When at={item.applies_from} /> : t('calendar.now')),
          },
        ]}
        fields={[
          { kind: 'text', name: 'name', label: t('field.name'), required: true },
          { kind: 'pick', name: 'zone', label: t('prefs.zone'), required: true, choices: zoneChoices() },
          {
            kind: 'own',
            name: 'week',
            label: t('calendar.week'),
            draw: (value, set, error) => (
              <WeekEditor value={(value as Week) ?? []} onChange={set} error={error('week')} />
            ),
          },
          {
            kind: 'own',
            name: 'holiday_sets',
            label: t('calendar.sets'),
            draw: (value, set) => <HolidaySets value={(value as HolidaySet[]) ?? []} onChange={set} />,
          },
          {
            kind: 'own',
            name: 'holidays',
            label: t('calendar.own_holidays'),
            draw: (value, set) => <HolidayEditor value={(value as Holidays) ?? []} onChange={set} />,
          },
          {
            kind: 'own',
            name: 'exceptions',
            label: t('calendar.exceptions'),
            draw: (value, set) => <ExceptionEditor value={(value as Exceptions) ?? []} onChange={set} />,
          },
          {
            kind: 'own',
            name: 'applies_from',
            label: t('calendar.applies_from'),
            when: (_, fresh) => !fresh,
            draw: (value, set, error) => (
              <TextField
                type="datetime-local"
                label={t('calendar.applies_from')}
                hint={t('calendar.applies_from_hint')}
                value={text(value)}
                onChange={set}
                error={error('applies_from')}
              />
            ),
          },
        ]}
        toForm={(item) => ({
          name: item?.name ?? '',
          zone: item?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
          week: item?.week ?? kDays.slice(0, 5).map((day) => ({ day, windows: [{ from: '09:00', to: '18:00' }] })),
          holiday_sets: item?.holiday_sets ?? [],
          holidays: item?.holidays ?? [],
          exceptions: item?.exceptions ?? [],
        })}
        toBody={({ applies_from, ...values }) => ({
          ...values,
          applies_from: applies_from ? new Date(text(applies_from)).toISOString() : undefined,
        })}
        panel={({ applies_from: _, ...hours }, item) =>
          item && <TryOnPast draft={{ calendar: hours, calendar_id: item.id }} />
        }
        more={(item) => (
          <>
            <ImportButton calendar={item} />
            <button
              type="button"
              className="iconbtn"
              aria-label={t('calendar.year', { name: item.name })}
              onClick={() => setYear(item)}
            >
              <Icon name="calendar" small />
            </button>
          </>
        )}
      />
      {year && <YearDialog calendar={year} onClose={() => setYear(undefined)} />}
    </>
  );
}

/** Days off out of an iCalendar file. */
function ImportButton({ calendar }: { calendar: Calendar }) {
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const made = await post<Calendar>(`/calendars/${calendar.id}/holidays`, { ics: await file.text() });
      void cache.invalidateQueries({ queryKey: ['admin', 'calendars'] });
      done(t('calendar.imported', { count: made.holidays.length - calendar.holidays.length }));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <button
        type="button"
        className="iconbtn"
        aria-label={t('calendar.import', { name: calendar.name })}
        title={t('calendar.import', { name: calendar.name })}
        onClick={() => input.current?.click()}
      >
        <Icon name="download" small />
      </button>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </>
  );
}

export function windowsText(windows: TimeWindow[]): string {
  return windows.map((one) => `${one.from}-${one.to}`).join(', ');
}

/** "09:00-13:00, 14:00-18:00" as windows; a part that is none is left out. */
export function windowsOf(text: string): TimeWindow[] {
  return [...text.matchAll(/(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})/g)].map((match) => ({
    from: match[1]!.padStart(5, '0'),
    to: match[2]!.padStart(5, '0'),
  }));
}

function WindowsInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: TimeWindow[];
  onChange: (value: TimeWindow[]) => void;
}) {
  return (
    <input
      className="input"
      aria-label={label}
      placeholder={t('calendar.closed')}
      defaultValue={windowsText(value)}
      onBlur={(event) => {
        const made = windowsOf(event.target.value);
        event.target.value = windowsText(made);
        onChange(made);
      }}
    />
  );
}

function WeekEditor({ value, onChange, error }: { value: Week; onChange: (value: Week) => void; error?: string }) {
  return (
    <fieldset className="localised">
      <legend>{t('calendar.week')}</legend>
      <p className="hint">{t('calendar.week_hint')}</p>
      {error && <p className="form-error">{error}</p>}
      <div className="week">
        {kDays.map((day) => (
          <label key={day}>
            <span>{dayName(day)}</span>
            <WindowsInput
              label={dayName(day)}
              value={value.find((one) => one.day === day)?.windows ?? []}
              onChange={(windows) =>
                onChange(
                  kDays
                    .map((one) =>
                      one === day
                        ? { day, windows }
                        : (value.find((old) => old.day === one) ?? { day: one, windows: [] }),
                    )
                    .filter((one) => one.windows.length > 0),
                )
              }
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function HolidayEditor({ value, onChange }: { value: Holidays; onChange: (value: Holidays) => void }) {
  return (
    <fieldset className="localised">
      <legend>{t('calendar.own_holidays')}</legend>
      {value.map((one, i) => (
        <div key={i} className="form-two with-end">
          <TextField
            type="date"
            label={t('field.date')}
            value={one.date ?? ''}
            onChange={(date) => onChange(value.map((old, j) => (i === j ? { ...old, date } : old)))}
          />
          <TextField
            label={t('field.name')}
            value={one.name}
            onChange={(name) => onChange(value.map((old, j) => (i === j ? { ...old, name } : old)))}
          />
          <button
            type="button"
            className="iconbtn"
            aria-label={t('admin.remove', { name: one.name })}
            onClick={() => onChange(value.filter((_, j) => j !== i))}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button type="button" className="btn sm" onClick={() => onChange([...value, { date: '', name: '' }])}>
        <Icon name="plus" small />
        {t('admin.add')}
      </button>
    </fieldset>
  );
}

function ExceptionEditor({ value, onChange }: { value: Exceptions; onChange: (value: Exceptions) => void }) {
  const set = (at: number, change: Partial<Exceptions[number]>) =>
    onChange(value.map((old, j) => (at === j ? { ...old, ...change } : old)));
  return (
    <fieldset className="localised">
      <legend>{t('calendar.exceptions')}</legend>
      <p className="hint">{t('calendar.exceptions_hint')}</p>
      {value.map((one, i) => (
        <div key={i} className="form-three with-end">
          <TextField type="date" label={t('field.date')} value={one.date} onChange={(date) => set(i, { date })} />
          <TextField label={t('field.name')} value={one.name ?? ''} onChange={(name) => set(i, { name })} />
          <label className="field">
            <span className="label">{t('calendar.windows')}</span>
            <WindowsInput
              label={t('calendar.windows')}
              value={one.windows ?? []}
              onChange={(windows) => set(i, { windows, closed: windows.length === 0 })}
            />
          </label>
          <button
            type="button"
            className="iconbtn"
            aria-label={t('admin.remove', { name: one.name ?? '' })}
            onClick={() => onChange(value.filter((_, j) => j !== i))}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn sm"
        onClick={() => onChange([...value, { date: '', name: '', closed: true, windows: [] }])}
      >
        <Icon name="plus" small />
        {t('admin.add')}
      </button>
    </fieldset>
  );
}
