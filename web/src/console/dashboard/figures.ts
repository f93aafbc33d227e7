// How the dashboard writes its figures; '—' where there is none.
import '../styles/dash.css';
import { number, t } from '@lib/i18n';
import { span } from '@lib/time';

export const percent = (value: number | undefined | null) =>
  value === undefined || value === null ? '—' : `${number(value, { maximumFractionDigits: 1 })} %`;
export const score = (value: number | undefined) =>
  value === undefined ? '—' : number(value, { maximumFractionDigits: 1 });
export const seconds = (value: number | undefined) => (value === undefined ? '—' : span(value));
/** How far from a promised time: "20 min late". */
export const offBy = (value: number) =>
  value === 0
    ? t('dash.eta_on_time')
    : t(value < 0 ? 'dash.eta_early' : 'dash.eta_late', { span: span(Math.abs(value)) });
export const signed = (value: number, digits = 1) =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${number(Math.abs(value), { maximumFractionDigits: digits })}`;
