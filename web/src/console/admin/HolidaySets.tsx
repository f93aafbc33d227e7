// Public holidays of a calendar: which countries' rules it keeps, and what a year of it looks like.
import { get } from '@lib/api';
import type { Calendar, HolidayCountry, HolidaySet, Page, PublicHoliday } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Empty, Icon, Loading } from '../ui/basics';
import { CheckField, Dialog, PickField } from '../ui/forms';

const useCountries = () =>
  useQuery({
    queryKey: ['holiday-countries'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => get<Page<HolidayCountry>>('/holidays/countries').then((page) => page.items),
  });

/** A country by its code, as the reader calls it. */
const countryName = (code: string) => new Intl.DisplayNames(language(), { type: 'region' }).of(code) ?? code;

export function HolidaySets({ value, onChange }: { value: HolidaySet[]; onChange: (value: HolidaySet[]) => void }) {
  const countries = useCountries();
  const set = (at: number, change: Partial<HolidaySet>) =>
    onChange(value.map((old, i) => (i === at ? { ...old, ...change } : old)));
  const choices = (countries.data ?? [])
    .map(({ code }) => ({ value: code, label: countryName(code) }))
    .sort((a, b) => a.label.localeCompare(b.label, language()));
  return (
    <fieldset className="localised">
      <legend>{t('calendar.sets')}</legend>
      <p className="hint">{t('calendar.sets_hint')}</p>
      {value.map((one, i) => {
        const regions = countries.data?.find(({ code }) => code === one.country)?.regions ?? [];
        return (
          <div key={i} className="form-three with-end">
            <PickField
              label={t('calendar.country')}
              value={one.country}
              onChange={(country) => country && set(i, { country, region: '' })}
              choices={choices}
            />
            <PickField
              label={t('calendar.region')}
              value={one.region ?? ''}
              onChange={(region) => set(i, { region: region ?? '' })}
              choices={[
                { value: '', label: t('calendar.region_none') },
                ...regions.map(({ code, name }) => ({ value: code, label: name })),
              ]}
            />
            <CheckField
              label={t('calendar.optional_too')}
              value={one.optional ?? false}
              onChange={(optional) => set(i, { optional })}
            />
            <button
              type="button"
              className="iconbtn"
              aria-label={t('admin.remove', { name: countryName(one.country) })}
              onClick={() => onChange(value.filter((_, j) => j !== i))}
            >
              <Icon name="x" small />
            </button>
          </div>
        );
      })}
      <button
        type="button"
        className="btn sm"
        disabled={choices.length === 0}
        onClick={() => onChange([...value, { country: choices[0]!.value, region: '', optional: false }])}
      >
        <Icon name="plus" small />
        {t('admin.add')}
      </button>
    </fieldset>
  );
}

type Marked = { name: string; open?: boolean };

/** The days of a year that do not follow the week, by date. An exception stands before a holiday. */
function markedDays(calendar: Calendar, year: number, holidays: PublicHoliday[]): Map<string, Marked> {
  const days = new Map<string, Marked>();
  for (const { date, name } of holidays) {
    const before = days.get(date);
    days.set(date, { name: before ? `${before.name}; ${name}` : name });
  }
  for (const { date, yearly, name } of calendar.holidays) {
    const at = date || `${year}-${yearly}`;
    if (at.startsWith(`${year}-`)) days.set(at, { name });
  }
  for (const { date, name, closed } of calendar.exceptions) {
    if (date.startsWith(`${year}-`)) days.set(date, { name: name || t('calendar.exceptions'), open: !closed });
  }
  return days;
}

export function YearDialog({ calendar, onClose }: { calendar: Calendar; onClose: () => void }) {
  const [year, setYear] = useState(() => new Date().getFullYear());
  const sets = useQueries({
    queries: calendar.holiday_sets.map(({ country, region }) => ({
      queryKey: ['holidays', country, region, year],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: () =>
        get<Page<PublicHoliday>>('/holidays', { query: { country, region: region || undefined, year } }).then(
          (page) => page.items,
        ),
    })),
  });
  const kept = sets.flatMap(({ data }, i) =>
    (data ?? []).filter(({ kind }) => kind === 'public' || (kind === 'optional' && calendar.holiday_sets[i]?.optional)),
  );
  const days = markedDays(calendar, year, kept);
  const list = [...days].sort(([a], [b]) => a.localeCompare(b));
  const format = new Intl.DateTimeFormat(language(), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return (
    <Dialog title={t('calendar.year', { name: calendar.name })} wide onClose={onClose}>
      <div className="year-head">
        <button
          type="button"
          className="iconbtn"
          aria-label={t('calendar.year_before')}
          disabled={year <= 2000}
          onClick={() => setYear(year - 1)}
        >
          <Icon name="back" />
        </button>
        <strong aria-live="polite">{year}</strong>
        <button
          type="button"
          className="iconbtn"
          aria-label={t('calendar.year_after')}
          disabled={year >= 2100}
          onClick={() => setYear(year + 1)}
        >
          <Icon name="chevronRight" />
        </button>
      </div>
      {sets.some(({ isPending }) => isPending) && <Loading lines={3} />}
      <div className="year-months" aria-hidden="true">
        {Array.from({ length: 12 }, (_, month) => (
          <Month key={month} year={year} month={month} days={days} />
        ))}
      </div>
      {list.length === 0 ? (
        <Empty icon="calendar" title={t('calendar.year_none')} />
      ) : (
        <ul className="year-list">
          {list.map(([date, { name, open }]) => (
            <li key={date} className={open ? 'open' : undefined}>
              <time dateTime={date}>{format.format(new Date(`${date}T00:00Z`))}</time>
              <span>{name}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function Month({ year, month, days }: { year: number; month: number; days: Map<string, Marked> }) {
  const first = new Date(Date.UTC(year, month, 1));
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const name = new Intl.DateTimeFormat(language(), { month: 'long', timeZone: 'UTC' }).format(first);
  return (
    <div className="year-month">
      <strong>{name}</strong>
      <div>
        {Array.from({ length }, (_, i) => {
          const date = `${year}-${String(month + 1).padStart(2, '0')}-${String(i + 1).padStart(2, '0')}`;
          const marked = days.get(date);
          const weekday = (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;
          const look = marked ? (marked.open ? 'other' : 'off') : weekday > 4 ? 'weekend' : undefined;
          return (
            <span
              key={date}
              className={look}
              title={marked?.name}
              style={i === 0 ? { gridColumn: weekday + 1 } : undefined}
            >
              {i + 1}
            </span>
          );
        })}
      </div>
    </div>
  );
}
