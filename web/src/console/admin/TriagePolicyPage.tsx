import { get, put } from '@lib/api';
import type { Kind, Priority, TriageLevel, TriagePolicy } from '@lib/dto';
import { t } from '@lib/i18n';
import { disorders } from '@lib/matrix';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kinds } from '../choices';
import { Loading } from '../ui/basics';
import { FormError, ManyField, TextField, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { LocalisedField } from './Crud';
import { DriftCard, MatrixPreview } from './TriageDrift';

export function TriagePolicyPage() {
  const policy = useQuery({ queryKey: ['triage-policy'], queryFn: () => get<TriagePolicy>('/triage/policy') });
  if (!policy.data) return <Loading lines={6} />;
  return (
    <>
      <Editor key={policy.data.version} policy={policy.data} />
      <DriftCard />
    </>
  );
}

const kPriorities: Priority[] = ['P1', 'P2', 'P3', 'P4'];

function Editor({ policy }: { policy: TriagePolicy }) {
  const [value, setValue] = useState(policy);
  const [threshold, setThreshold] = useState(String(policy.apply_threshold));
  const [bound, setBound] = useState(String(policy.high_share_bound));
  const cache = useQueryClient();
  const state = useSave();
  const odd = disorders(value.matrix);
  const cell = (impact: number, urgency: number, priority: Priority) =>
    setValue((old) => ({
      ...old,
      matrix: old.matrix.map((row, i) => (i === impact ? row.map((one, u) => (u === urgency ? priority : one)) : row)),
    }));
  const criterion = (axis: 'impact' | 'urgency', level: number, change: Partial<TriageLevel>) =>
    setValue((old) => ({
      ...old,
      [axis]: old[axis].map((one) => (one.level === level ? { ...one, ...change } : one)),
    }));
  const decimal = (text: string) => Number(text.replace(',', '.'));
  const save = async () => {
    const made = await put<TriagePolicy>(
      '/triage/policy',
      { ...value, apply_threshold: decimal(threshold), high_share_bound: Math.round(decimal(bound)) },
      { version: policy.version },
    );
    cache.setQueryData(['triage-policy'], made);
    done(t('policy.saved', { n: made.version }));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void state.run(save);
      }}
    >
      <header className="page-head">
        <h1>{t('admin.triage')}</h1>
        <span className="dim num">{t('triage.version', { n: policy.version })}</span>
        <span className="end">
          <button type="submit" className="btn pri" aria-busy={state.busy}>
            {t('common.save')}
          </button>
        </span>
      </header>
      <p className="hint">{t('admin.triage.hint')}</p>
      <FormError error={state.error} />
      <section className="card">
        <h2>{t('triage.matrix')}</h2>
        {odd.length > 0 && (
          <p className="banner warn" role="status">
            {t('policy.disorder', { n: odd.length })}
          </p>
        )}
        <div className="table-wrap">
          <table className="table matrix-edit">
            <caption className="sr">{t('triage.matrix_caption')}</caption>
            <thead>
              <tr>
                <td>{t('policy.axes')}</td>
                {[1, 2, 3, 4].map((urgency) => (
                  <th key={urgency} scope="col">
                    {urgency} {t(`urgency.${urgency}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {value.matrix.map((row, impact) => (
                <tr key={impact}>
                  <th scope="row">
                    {impact + 1} {t(`impact.${impact + 1}`)}
                  </th>
                  {row.map((priority, urgency) => (
                    <td key={urgency}>
                      <select
                        className={`input prio-pick ${priority}`}
                        aria-label={t('triage.cell', { impact: impact + 1, urgency: urgency + 1, priority })}
                        value={priority}
                        onChange={(event) => cell(impact, urgency, event.target.value as Priority)}
                      >
                        {kPriorities.map((one) => (
                          <option key={one}>{one}</option>
                        ))}
                      </select>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <MatrixPreview now={policy.matrix} then={value.matrix} />
      </section>
      <section className="card">
        <h2>{t('policy.bounds')}</h2>
        <div className="form-two">
          <TextField
            label={t('policy.threshold')}
            hint={t('policy.threshold_hint')}
            value={threshold}
            onChange={setThreshold}
            error={state.field('apply_threshold')}
          />
          <TextField
            label={t('policy.bound')}
            hint={t('policy.bound_hint')}
            value={bound}
            onChange={setBound}
            error={state.field('high_share_bound')}
          />
        </div>
        <ManyField
          label={t('policy.no_approval')}
          hint={t('policy.no_approval_hint')}
          value={value.no_approval_kinds}
          onChange={(made) => setValue({ ...value, no_approval_kinds: made as Kind[] })}
          choices={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
      </section>
      {(['impact', 'urgency'] as const).map((axis) => (
        <section key={axis} className="card">
          <h2>{t(`policy.criteria_${axis}`)}</h2>
          {value[axis].map((one) => (
            <div key={one.level} className="criterion">
              <h3>{one.level}</h3>
              <LocalisedField
                label={t('field.title')}
                name={`${axis}.${one.level - 1}.title`}
                value={one.title}
                onChange={(title) => criterion(axis, one.level, { title })}
                errorOf={state.field}
              />
              <LocalisedField
                area
                label={t('policy.criteria')}
                name={`${axis}.${one.level - 1}.criteria`}
                value={one.criteria}
                onChange={(criteria) => criterion(axis, one.level, { criteria })}
                errorOf={state.field}
              />
            </div>
          ))}
        </section>
      ))}
    </form>
  );
}
