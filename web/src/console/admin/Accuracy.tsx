// How good the answers were on the desk's own tickets: week by week, and label by label.
import '../styles/dash.css';
import { get } from '@lib/api';
import type { AccuracyCount, ClassAccuracy, ClassificationAccuracy, TargetAccuracy } from '@lib/dto';
import { number, t } from '@lib/i18n';
import { useQuery } from '@tanstack/react-query';
import { Lines, Spark, weekName } from '../dashboard/charts';
import { percent } from '../dashboard/figures';

const share = (part: number, whole: number) => (whole > 0 ? (100 * part) / whole : undefined);
const right = (count: AccuracyCount) => share(count.right, count.judged);
const covered = (count: AccuracyCount) => share(count.applied, count.tickets);

export function AccuracyPart(props: { target: TargetAccuracy['target']; nameOf: (label: string) => string }) {
  const accuracy = useQuery({
    queryKey: ['admin', 'models', 'accuracy'],
    queryFn: () => get<ClassificationAccuracy>('/models/accuracy'),
  });
  const own = accuracy.data?.targets.find((one) => one.target === props.target);
  if (!accuracy.data || !own) return null;
  const last = own.weeks.findLast((week) => week.all.judged > 0);
  return (
    <div>
      <h3 className="card-sub">{t('accuracy.title')}</h3>
      <p className="hint">
        {t('accuracy.hint')} {!accuracy.data.complete && t('accuracy.partial')}
      </p>
      {last ? (
        <>
          <p>
            {t('accuracy.sum', {
              right: percent(right(own.all)),
              judged: own.all.judged,
              covered: percent(covered(own.all)),
            })}{' '}
            {own.model.judged > 0 &&
              t('accuracy.by_model', { right: percent(right(own.model)), judged: own.model.judged })}
          </p>
          <div className="accuracy-chart">
            <Lines
              weeks={own.weeks}
              main={(week) => right(week.all)}
              second={(week) => covered(week.all)}
              cap={100}
              height={180}
              label={t('accuracy.chart', { week: weekName(last.week), right: percent(right(last.all)) })}
            />
            <p className="legend" aria-hidden="true">
              <span>
                <svg viewBox="0 0 20 10" aria-hidden="true">
                  <path className="line-main" d="M0 5h20" />
                </svg>
                {t('model.accuracy')}
              </span>
              <span>
                <svg viewBox="0 0 20 10" aria-hidden="true">
                  <path className="line-second" d="M1 5h18" />
                </svg>
                {t('model.coverage')}
              </span>
            </p>
          </div>
          <Weeks target={own} />
          <Classes classes={own.classes} nameOf={props.nameOf} />
        </>
      ) : (
        <p className="hint">{t('accuracy.none')}</p>
      )}
    </div>
  );
}

function Weeks({ target }: { target: TargetAccuracy }) {
  return (
    <details className="model-labels">
      <summary>{t('accuracy.weeks')}</summary>
      <div className="table-wrap stacks">
        <table className="table">
          <caption className="sr">{t('accuracy.weeks')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('accuracy.week')}</th>
              {(['came', 'judged'] as const).map((name) => (
                <th key={name} scope="col" className="num">
                  {t(`accuracy.${name}`)}
                </th>
              ))}
              <th scope="col" className="num">
                {t('model.coverage')}
              </th>
              <th scope="col" className="num">
                {t('model.accuracy')}
              </th>
              <th scope="col" className="num">
                {t('accuracy.model')}
              </th>
            </tr>
          </thead>
          <tbody>
            {target.weeks.map(({ week, all, model }) => (
              <tr key={week}>
                <td data-head={t('accuracy.week')}>{week}</td>
                <td className="num" data-head={t('accuracy.came')}>
                  {number(all.tickets)}
                </td>
                <td className="num" data-head={t('accuracy.judged')}>
                  {number(all.judged)}
                </td>
                <td className="num" data-head={t('model.coverage')}>
                  {percent(covered(all))}
                </td>
                <td className="num" data-head={t('model.accuracy')}>
                  {percent(right(all))}
                </td>
                <td className="num" data-head={t('accuracy.model')}>
                  {percent(right(model))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Classes({ classes, nameOf }: { classes: ClassAccuracy[]; nameOf: (label: string) => string }) {
  return (
    <details className="model-labels">
      <summary>{t('model.labels', { n: classes.length })}</summary>
      <div className="table-wrap stacks">
        <table className="table">
          <caption className="sr">{t('model.labels', { n: classes.length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('model.label')}</th>
              <th scope="col" className="num">
                {t('accuracy.judged')}
              </th>
              <th scope="col" className="num">
                {t('model.precision')}
              </th>
              <th scope="col" className="num">
                {t('model.recall')}
              </th>
              <th scope="col">{t('accuracy.trend')}</th>
            </tr>
          </thead>
          <tbody>
            {classes.map((one) => (
              <tr key={one.label}>
                <td data-head={t('model.label')}>{nameOf(one.label)}</td>
                <td className="num" data-head={t('accuracy.judged')}>
                  {number(one.settled)}
                </td>
                <td className="num" data-head={t('model.precision')}>
                  {percent(share(one.right, one.proposed))}
                </td>
                <td className="num" data-head={t('model.recall')}>
                  {percent(share(one.right, one.settled))}
                </td>
                <td data-head={t('accuracy.trend')}>
                  <Spark values={one.weeks.map((week) => share(week.right, week.settled))} />
                  <span className="sr">
                    {one.weeks
                      .filter((week) => week.settled > 0)
                      .map((week) => `${weekName(week.week)}: ${percent(share(week.right, week.settled))}`)
                      .join(', ')}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
