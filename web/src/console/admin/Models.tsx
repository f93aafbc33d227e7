// The trained classifiers: which version is in force for each target, how good each was, and training a new one.
import '../styles/admin.css';
import { del, get, post } from '@lib/api';
import type { Model, Page, Technology } from '@lib/dto';
import { has, number, t } from '@lib/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTechnologies } from '../data';
import { may } from '../session';
import { Empty, Icon, Loading, Percent, When } from '../ui/basics';
import { Dialog, FormError, TextField, useSave } from '../ui/forms';
import { done, explainError } from '../ui/toast';
import { AccuracyPart } from './Accuracy';

type Target = Model['target'];

const kKey = ['admin', 'models'];
const kTargets: Target[] = ['technology', 'kind', 'impact', 'urgency'];

const nameOf = (model: Model) => t('model.version', { target: t(`field.${model.target}`), n: model.number });

/** A label as the reader calls it. */
function labelName(target: Target, label: string, technologies: Technology[]): string {
  if (target === 'technology') return technologies.find((one) => one.id === label)?.name ?? label;
  const id = `${target}.${label}`;
  return has(id) ? (target === 'kind' ? t(id) : `${label} ${t(id)}`) : label;
}

export function Models() {
  const models = useQuery({ queryKey: kKey, queryFn: () => get<Page<Model>>('/models').then((page) => page.items) });
  return (
    <section className="crud">
      <header className="page-head">
        <h1>{t('admin.models')}</h1>
      </header>
      <p className="hint">{t('admin.models.hint')}</p>
      {models.isPending && <Loading lines={6} />}
      {models.isError && (
        <Empty icon="alert" title={t('admin.failed')}>
          {explainError(models.error)}
        </Empty>
      )}
      {models.data &&
        kTargets.map((target) => (
          <TargetCard key={target} target={target} versions={models.data.filter((one) => one.target === target)} />
        ))}
    </section>
  );
}

function TargetCard({ target, versions }: { target: Target; versions: Model[] }) {
  const cache = useQueryClient();
  const training = useSave();
  const [using, setUsing] = useState<Model>();
  const [dropping, setDropping] = useState<Model>();
  const technologies = useTechnologies();
  const active = versions.find((one) => one.active);
  const refresh = () => cache.invalidateQueries({ queryKey: kKey });
  const train = async () => {
    const made = await post<Model>('/models', { target });
    await refresh();
    done(t(made.active ? 'model.trained_active' : 'model.trained', { name: nameOf(made) }));
  };
  return (
    <section className="card" aria-label={t(`field.${target}`)}>
      <header className="card-head">
        <h2>{t(`field.${target}`)}</h2>
        {may('triage.write') && (
          <button
            type="button"
            className="btn sm"
            aria-busy={training.busy}
            aria-label={t('model.train_what', { target: t(`field.${target}`) })}
            onClick={() => void training.run(train)}
          >
            <Icon name="spark" small />
            {t('model.train')}
          </button>
        )}
      </header>
      <FormError error={training.error} />
      {versions.length === 0 && <p className="hint">{t('model.none')}</p>}
      {versions.length > 0 && (
        <div className="table-wrap stacks">
          <table className="table">
            <caption className="sr">{t('model.versions', { target: t(`field.${target}`) })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('model.number')}</th>
                <th scope="col">{t('model.trained_at')}</th>
                <th scope="col">{t('model.source')}</th>
                <th scope="col" className="num">
                  {t('model.rows')}
                </th>
                <th scope="col" className="num">
                  {t('model.accuracy')}
                </th>
                <th scope="col" className="num">
                  {t('model.macro_f1')}
                </th>
                <th scope="col" className="num">
                  {t('model.held_out')}
                </th>
                <th scope="col" className="num">
                  {t('model.threshold')}
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {versions.map((model) => (
                <tr key={model.id}>
                  <td className="nowrap" data-head={t('model.number')}>
                    <span>
                      {model.number} {model.active && <span className="chip ok">{t('model.active')}</span>}
                    </span>
                  </td>
                  <td className="nowrap" data-head={t('model.trained_at')}>
                    <When at={model.trained_at} />
                  </td>
                  <td data-head={t('model.source')}>{t(`model.source_${model.source}`)}</td>
                  <td className="num" data-head={t('model.rows')}>
                    {number(model.examples)}
                  </td>
                  <td className="num" data-head={t('model.accuracy')}>
                    <Percent value={model.metrics.accuracy * 100} digits={1} />
                  </td>
                  <td className="num" data-head={t('model.macro_f1')}>
                    <Percent value={model.metrics.macro_f1 * 100} digits={1} />
                  </td>
                  <td className="num" data-head={t('model.held_out')}>
                    {model.held_out.rows > 0 && <Percent value={model.held_out.accuracy * 100} digits={1} />}
                  </td>
                  <td className="num" data-head={t('model.threshold')}>
                    {number(model.threshold, { minimumFractionDigits: 2 })}
                  </td>
                  <td className="row-acts">
                    {may('triage.write') && (
                      <>
                        <button
                          type="button"
                          className="linkbtn"
                          aria-label={`${t(model.active ? 'model.change' : 'model.use')}: ${nameOf(model)}`}
                          onClick={() => setUsing(model)}
                        >
                          {t(model.active ? 'model.change' : 'model.use')}
                        </button>{' '}
                        <button
                          type="button"
                          className="iconbtn"
                          aria-label={t('admin.remove', { name: nameOf(model) })}
                          onClick={() => setDropping(model)}
                        >
                          <Icon name="x" small />
                        </button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {active && <Labels model={active} />}
      <AccuracyPart target={target} nameOf={(label) => labelName(target, label, technologies.data ?? [])} />
      {using && <Use model={using} onClose={() => setUsing(undefined)} onDone={refresh} />}
      {dropping && (
        <Dialog
          danger
          title={t('admin.remove', { name: nameOf(dropping) })}
          submit={t('admin.remove_yes')}
          onClose={() => setDropping(undefined)}
          onSubmit={async () => {
            await del(`/models/${dropping.id}`);
            await refresh();
            done(t('admin.removed'));
          }}
        >
          <p>{t(dropping.active ? 'model.drop_active' : 'admin.remove_text')}</p>
        </Dialog>
      )}
    </section>
  );
}

/** How well the version in force tells each label, on rows that it had not seen. */
function Labels({ model }: { model: Model }) {
  const technologies = useTechnologies();
  const rows = model.metrics.labels.filter((one) => one.rows > 0);
  return (
    <details className="model-labels">
      <summary>{t('model.labels', { n: rows.length })}</summary>
      <div className="table-wrap stacks">
        <table className="table">
          <caption className="sr">{t('model.labels', { n: rows.length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('model.label')}</th>
              <th scope="col" className="num">
                {t('model.rows')}
              </th>
              <th scope="col" className="num">
                {t('model.precision')}
              </th>
              <th scope="col" className="num">
                {t('model.recall')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.label}>
                <td data-head={t('model.label')}>{labelName(model.target, one.label, technologies.data ?? [])}</td>
                <td className="num" data-head={t('model.rows')}>
                  {number(one.rows)}
                </td>
                <td className="num" data-head={t('model.precision')}>
                  <Percent value={one.precision * 100} />
                </td>
                <td className="num" data-head={t('model.recall')}>
                  <Percent value={one.recall * 100} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Putting a version in force, with what each threshold would mean. */
function Use({ model, onClose, onDone }: { model: Model; onClose: () => void; onDone: () => Promise<unknown> }) {
  const [threshold, setThreshold] = useState(String(model.threshold));
  const state = useSave();
  return (
    <Dialog
      state={state}
      title={t('model.use_what', { name: nameOf(model) })}
      submit={t('model.use')}
      onClose={onClose}
      onSubmit={async () => {
        await post<Model>(`/models/${model.id}/activation`, { threshold: Number(threshold.replace(',', '.')) });
        await onDone();
        done(t('model.used', { name: nameOf(model) }));
      }}
    >
      <TextField
        label={t('model.threshold')}
        hint={t('model.threshold_hint')}
        value={threshold}
        onChange={setThreshold}
        error={state.field('threshold')}
      />
      <table className="table">
        <caption className="sr">{t('model.curve')}</caption>
        <thead>
          <tr>
            <th scope="col" className="num">
              {t('model.threshold')}
            </th>
            <th scope="col" className="num">
              {t('model.coverage')}
            </th>
            <th scope="col" className="num">
              {t('model.right')}
            </th>
          </tr>
        </thead>
        <tbody>
          {model.metrics.curve.map((point) => (
            <tr key={point.threshold}>
              <td className="num">{number(point.threshold, { minimumFractionDigits: 2 })}</td>
              <td className="num">
                <Percent value={point.coverage * 100} />
              </td>
              <td className="num">{point.coverage > 0 && <Percent value={point.accuracy * 100} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
