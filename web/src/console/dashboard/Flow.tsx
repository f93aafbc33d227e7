// Opened against resolved, week by week: uPlot, fetched only where it is shown.
import type { DashboardWeek } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { weekName } from './charts';

const colour = (name: string) => {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

export default function Flow({ weeks, theme }: { weeks: DashboardWeek[]; theme: string }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours read here
  useEffect(() => {
    const element = box.current;
    if (!element || weeks.length === 0) return;
    const axis = {
      stroke: colour('--text-3'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: 196,
        cursor: { points: { size: 6 } },
        legend: { show: false },
        scales: { x: { time: false } },
        axes: [
          {
            ...axis,
            values: (_, ticks) =>
              ticks.map((tick) => (Number.isInteger(tick) && weeks[tick] ? weekName(weeks[tick].week) : '')),
          },
          { ...axis, size: 40, values: (_, ticks) => ticks.map((tick) => number(tick)) },
        ],
        series: [
          {},
          { label: t('dash.opened'), stroke: colour('--accent'), width: 2, points: { show: true, size: 6 } },
          { label: t('dash.resolved'), stroke: colour('--ok-ink'), width: 2, dash: [5, 4], points: { show: false } },
        ],
      },
      [weeks.map((_, i) => i), weeks.map((week) => week.opened), weeks.map((week) => week.resolved)],
      element,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 196 }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [weeks, theme]);
  const last = weeks[weeks.length - 1];
  return (
    <div
      ref={box}
      className="flow"
      role="img"
      aria-label={t('dash.flow_label', { opened: last?.opened ?? 0, resolved: last?.resolved ?? 0 })}
    />
  );
}
