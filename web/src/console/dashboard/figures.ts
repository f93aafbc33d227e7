// How the dashboard writes its figures; '—' where there is none.
import '../styles/dash.css';
import { number } from '@lib/i18n';
import { span } from '@lib/time';

export const percent = (value: number | undefined | null) =>
  value === undefined || value === null ? '—' : `${number(value, { maximumFractionDigits: 1 })} %`;
export const score = (value: number | undefined) =>
  value === undefined ? '—' : number(value, { maximumFractionDigits: 1 });
export const seconds = (value: number | undefined) => (value === undefined ? '—' : span(value));
export const signed = (value: number, digits = 1) =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${number(Math.abs(value), { maximumFractionDigits: digits })}`;
