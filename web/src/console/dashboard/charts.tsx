// Charts drawn as SVG: each has a name in words; shape and pattern say again what colour says.
import type { AgeBucket, Dashboard, DashboardWeek, Priority } from '@lib/dto';
import { number, t } from '@lib/i18n';

export const weekName = (week: string) => week.replace(/^\d+-W0?/, '');
const H = 208;
const L = 44;
const R = 12;
const T = 16;

type Line = { values: (number | undefined)[]; cls: string };

function scale(values: number[], floorTo: number, few: boolean): { low: number; high: number; ticks: number[] } {
  const min = Math.min(...values);
  const max = Math.max(...values);
  // 2, 5, 10, 20, 50 ... so that people read round numbers.
  let step = floorTo;
  for (let i = 0; (max - min) / step > (few ? 3 : 5); ++i) step *= i % 3 === 0 ? 2.5 : 2;
  const low = Math.floor(min / step) * step;
  const high = Math.max(low + step * 2, Math.ceil(max / step) * step);
  const ticks: number[] = [];
  for (let tick = low; tick <= high + 1e-9; tick += step) ticks.push(tick);
  return { low, high, ticks };
}

const path = (points: [number, number][]) =>
  points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

export function Lines<Week extends Pick<DashboardWeek, 'week'>>(props: {
  weeks: Week[];
  main: (week: Week) => number | undefined;
  second?: (week: Week) => number | undefined;
  target?: number;
  targetName?: string;
  over?: 'good' | 'bad';
  bound?: string;
  height?: number;
  width?: number;
  label: string;
  cap?: number;
}) {
  const weeks = props.weeks;
  const main: Line = { values: weeks.map(props.main), cls: 'line-main' };
  const second: Line | undefined = props.second && { values: weeks.map(props.second), cls: 'line-second' };
  const all = [...main.values, ...(second?.values ?? []), props.target].filter(
    (value): value is number => value !== undefined && value !== null,
  );
  const have = main.values.filter((value) => value !== undefined && value !== null);
  if (have.length === 0) return <p className="hint chart-none">{t('dash.no_data')}</p>;
  const h = props.height ?? H;
  const W = props.width ?? 640;
  const bottom = h - 32;
  const { low, high, ticks } = scale(all, 2, h < 180);
  const top = Math.min(high, props.cap ?? high);
  const x = (i: number) => L + 12 + (i * (W - L - R - 24)) / Math.max(1, weeks.length - 1);
  const y = (value: number) => bottom - ((value - low) / Math.max(1e-9, top - low)) * (bottom - T);
  const points = (line: Line) =>
    line.values.flatMap((value, i) =>
      value === undefined || value === null ? [] : [[x(i), y(value)] as [number, number]],
    );
  const mainPoints = points(main);
  const lastIndex = main.values.reduce<number>(
    (last, value, i) => (value === undefined || value === null ? last : i),
    0,
  );
  const lastValue = main.values[lastIndex] ?? 0;
  const missed = (value: number) =>
    props.target !== undefined && (props.over === 'bad' ? value > props.target : value < props.target);
  const every = Math.ceil(weeks.length / (W / 53));
  return (
    <svg className="chart" viewBox={`0 0 ${W} ${h}`} role="img" aria-label={props.label}>
      {props.over === 'bad' && props.target !== undefined && props.target < top && (
        <rect x={L} y={y(top)} width={W - L - R} height={y(props.target) - y(top)} className="chart-over" />
      )}
      {ticks
        .filter((tick) => tick <= top + 1e-9)
        .map((tick) => (
          <g key={tick}>
            <path d={`M${L} ${y(tick)}H${W - R}`} className="grid" />
            <text x={L - 6} y={y(tick) + 4} textAnchor="end">
              {number(tick)} %
            </text>
          </g>
        ))}
      {props.over !== 'bad' && mainPoints.length > 1 && (
        <path
          className="area"
          d={`${path(mainPoints)}L${mainPoints.at(-1)![0]} ${bottom}L${mainPoints[0]![0]} ${bottom}z`}
        />
      )}
      {props.target !== undefined && (
        <>
          <path d={`M${L} ${y(props.target)}H${W - R}`} className={props.over === 'bad' ? 'target bad' : 'target'} />
          <text x={L + 4} y={y(props.target) - 6}>
            {props.targetName}
          </text>
        </>
      )}
      {second && <path className="line-second" d={path(points(second))} />}
      <path className="line-main" d={path(mainPoints)} />
      {main.values.map((value, i) => {
        if (value === undefined || value === null) return null;
        const [cx, cy] = [x(i), y(value)];
        if (missed(value) && props.over !== 'bad')
          return <path key={i} className="point-miss" d={`M${cx} ${cy - 5}l5 9h-10z`} />;
        if (props.over === 'bad' && i !== lastIndex) return null;
        return (
          <circle
            key={i}
            className={i === lastIndex ? 'point last' : 'point'}
            cx={cx}
            cy={cy}
            r={i === lastIndex ? 4 : 3.5}
          />
        );
      })}
      <text
        className="strong"
        x={Math.min(x(lastIndex) + 10, W - R)}
        y={Math.max(12, y(lastValue) - 10)}
        textAnchor="end"
      >
        {number(lastValue, { maximumFractionDigits: 1 })}
      </text>
      {weeks.map(
        (week, i) =>
          (i % every === 0 || i === weeks.length - 1) && (
            <text
              key={week.week}
              x={x(i)}
              y={h - 10}
              textAnchor="middle"
              className={i === weeks.length - 1 ? 'strong' : undefined}
            >
              {weekName(week.week)}
            </text>
          ),
      )}
    </svg>
  );
}

export function Spark({ values }: { values: (number | undefined | null)[] }) {
  const have = values.filter((value): value is number => value !== undefined && value !== null).slice(-8);
  if (have.length < 2) return null;
  const min = Math.min(...have);
  const max = Math.max(...have);
  const points = have.map(
    (value, i) =>
      [2 + (i * 59) / (have.length - 1), max === min ? 12 : 20 - ((value - min) / (max - min)) * 15] as [
        number,
        number,
      ],
  );
  const last = points[points.length - 1]!;
  return (
    <svg className="spark" viewBox="0 0 64 24" aria-hidden="true">
      <path d={path(points)} />
      <circle cx={last[0]} cy={last[1]} r="2.500" />
    </svg>
  );
}

const kPriorities: Priority[] = ['P1', 'P2', 'P3', 'P4'];

export function Backlog({ rows }: { rows: Dashboard['backlog_by_age'] }) {
  const totals = rows.map((row) => kPriorities.reduce((sum, one) => sum + row[one], 0));
  const most = Math.max(1, ...totals);
  return (
    <>
      <ul className="backlog">
        {rows.map((row, i) => (
          <li key={row.bucket}>
            <span>{bucketName(row.bucket)}</span>
            <span className="stack" role="img" aria-label={kPriorities.map((one) => `${one} ${row[one]}`).join(', ')}>
              {kPriorities.map(
                (one) => row[one] > 0 && <i key={one} className={`fill-${one}`} style={{ flexGrow: row[one] }} />,
              )}
              <i className="stack-rest" style={{ flexGrow: most - totals[i]! }} />
            </span>
            <b className="num">{totals[i]}</b>
          </li>
        ))}
      </ul>
      <p className="legend" aria-hidden="true">
        {kPriorities.map((one) => (
          <span key={one}>
            <i className={`fill-${one}`} />
            {one}
          </span>
        ))}
      </p>
    </>
  );
}

export const bucketName = (bucket: AgeBucket) => t(`dash.age.${bucket}`);

/** Parts of a whole side by side, each with its figure. */
export function Parts({
  parts,
  label,
}: {
  parts: { key: string; value: number; cls: string; tick?: boolean }[];
  label: string;
}) {
  const shown = parts.filter((part) => part.value > 0);
  return (
    <div className="parts" role="img" aria-label={label}>
      {shown.map((part) => (
        <span key={part.key} className={part.cls} style={{ flexGrow: part.value }}>
          {part.value}
        </span>
      ))}
    </div>
  );
}
