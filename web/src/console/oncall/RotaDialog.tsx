// A rota's name, zone and layers. The lowest layer stands first; each one below it in the list covers those before.
import { newKey, patch, post } from '@lib/api';
import type { NewRota, Rota, RotaLayer, WeeklyHours } from '@lib/dto';
import { language, t } from '@lib/i18n';
import { wallIn, weekDays } from '@lib/zone';
import { useState } from 'react';
import { zoneChoices } from '../admin/Organisations';
import { refChoices, useStaffNames } from '../data';
import { useSession } from '../session';
import { Icon } from '../ui/basics';
import { type Choice, Dialog, ManyField, PickField, TextField, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { refreshRotas } from './data';

type Unit = RotaLayer['rotation']['unit'];
type Errors = (name: string) => string | undefined;

const kUnits: Unit[] = ['hour', 'day', 'week', 'month'];
const kDays: WeeklyHours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayChoices = (): Choice[] =>
  kDays.map((value, i) => ({
    value,
    label: new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + i)),
  }));

function plain(rota: Rota): NewRota {
  return {
    name: rota.name,
    zone: rota.zone,
    layers: rota.layers.map((layer) => ({ ...layer, people: layer.people.map(({ id }) => id) })),
  };
}

/** Turns of a week that are handed over on Mondays at nine. */
function newLayer(zone: string, name: string): RotaLayer {
  const [monday] = weekDays(zone, new Date(), 1);
  return {
    name,
    rotation: { unit: 'week', length: 1, start: `${wallIn(zone, monday!).slice(0, 10)}T09:00` },
    people: [],
    restrictions: [],
  };
}

export function RotaDialog({ rota, onClose }: { rota?: Rota; onClose: (id?: string) => void }) {
  const session = useSession();
  const [value, setValue] = useState<NewRota>(() => {
    const zone = session.zone || 'UTC';
    return rota ? plain(rota) : { name: '', zone, layers: [newLayer(zone, t('oncall.layer_first'))] };
  });
  const [key] = useState(newKey);
  const state = useSave();
  const set = (change: Partial<NewRota>) => setValue((old) => ({ ...old, ...change }));
  const setLayer = (at: number, layer: RotaLayer) =>
    set({ layers: value.layers.map((old, i) => (i === at ? layer : old)) });
  const moveUp = (at: number) =>
    set({
      layers: value.layers.map((old, i) => (i === at - 1 ? value.layers[at]! : i === at ? value.layers[at - 1]! : old)),
    });
  return (
    <Dialog
      title={rota ? rota.name : t('oncall.add')}
      wide
      state={state}
      onClose={() => onClose()}
      onSubmit={async () => {
        const made = rota
          ? await patch<Rota>(`/rotas/${rota.id}`, value, { version: rota.version })
          : await post<Rota>('/rotas', value, { key });
        refreshRotas();
        done(t('admin.saved'));
        onClose(made.id);
      }}
    >
      <div className="form-grid">
        <TextField
          required
          label={t('field.name')}
          value={value.name}
          onChange={(name) => set({ name })}
          error={state.field('name')}
        />
        <PickField
          required
          label={t('prefs.zone')}
          value={value.zone}
          onChange={(zone) => zone && set({ zone })}
          choices={zoneChoices()}
          error={state.field('zone')}
        />
      </div>
      {state.field('layers') && (
        <p className="form-error" role="alert">
          {state.field('layers')}
        </p>
      )}
      {value.layers.map((layer, i) => (
        <LayerEditor
          key={i}
          number={i + 1}
          value={layer}
          onChange={(made) => setLayer(i, made)}
          onUp={i > 0 ? () => moveUp(i) : undefined}
          onRemove={() => set({ layers: value.layers.filter((_, j) => j !== i) })}
          error={(name) => state.field(`layers.${i}.${name}`)}
        />
      ))}
      <button
        type="button"
        className="btn sm oncall-add-layer"
        onClick={() =>
          set({
            layers: [
              ...value.layers,
              newLayer(value.zone, t('oncall.layer_number', { number: value.layers.length + 1 })),
            ],
          })
        }
      >
        <Icon name="plus" small />
        {t('oncall.add_layer')}
      </button>
    </Dialog>
  );
}

function LayerEditor(props: {
  number: number;
  value: RotaLayer;
  onChange: (value: RotaLayer) => void;
  onUp?: () => void;
  onRemove: () => void;
  error: Errors;
}) {
  const names = useStaffNames();
  const { value, error } = props;
  const set = (change: Partial<RotaLayer>) => props.onChange({ ...value, ...change });
  const turn = (change: Partial<RotaLayer['rotation']>) => set({ rotation: { ...value.rotation, ...change } });
  const wrongPerson = value.people.map((_, i) => error(`people.${i}`)).find(Boolean);
  return (
    <fieldset className="localised">
      <legend>{t('oncall.layer_number', { number: props.number })}</legend>
      {props.number > 1 && <p className="hint">{t('oncall.layer_hint')}</p>}
      <div className="form-two">
        <TextField
          required
          label={t('field.name')}
          value={value.name}
          onChange={(name) => set({ name })}
          error={error('name')}
        />
        <ManyField
          required
          label={t('oncall.people')}
          hint={t('oncall.people_hint')}
          value={value.people}
          onChange={(people) => set({ people })}
          choices={refChoices(names.data)}
          error={error('people') ?? wrongPerson}
        />
      </div>
      <div className="form-three">
        <TextField
          required
          type="number"
          min={1}
          max={1000}
          label={t('oncall.every')}
          value={String(value.rotation.length)}
          onChange={(length) => turn({ length: Number(length) })}
          error={error('rotation.length')}
        />
        <PickField
          required
          label={t('oncall.unit')}
          value={value.rotation.unit}
          onChange={(unit) => unit && turn({ unit: unit as Unit })}
          choices={kUnits.map((unit) => ({ value: unit, label: t(`oncall.unit.${unit}`) }))}
        />
        <TextField
          required
          type="datetime-local"
          label={t('oncall.start')}
          value={value.rotation.start}
          onChange={(start) => turn({ start })}
          error={error('rotation.start')}
        />
      </div>
      <Restrictions
        value={value.restrictions ?? []}
        onChange={(restrictions) => set({ restrictions })}
        error={(name) => error(`restrictions.${name}`)}
      />
      <div className="oncall-layer-acts">
        {props.onUp && (
          <button type="button" className="btn sm" onClick={props.onUp}>
            <Icon name="chevronUp" small />
            {t('oncall.layer_up')}
          </button>
        )}
        <button type="button" className="btn sm" onClick={props.onRemove}>
          <Icon name="x" small />
          {t('admin.remove', { name: value.name })}
        </button>
      </div>
    </fieldset>
  );
}

function Restrictions(props: { value: WeeklyHours[]; onChange: (value: WeeklyHours[]) => void; error: Errors }) {
  const { value } = props;
  const set = (at: number, change: Partial<WeeklyHours>) =>
    props.onChange(value.map((old, i) => (i === at ? { ...old, ...change } : old)));
  return (
    <>
      {value.map((one, i) => (
        <div key={i} className="form-three with-end">
          <ManyField
            label={t('oncall.days')}
            value={one.days}
            onChange={(days) => set(i, { days: days as WeeklyHours['days'] })}
            choices={dayChoices()}
            error={props.error(`${i}.days`) ?? props.error(`${i}`)}
          />
          <TextField
            type="time"
            label={t('oncall.from')}
            value={one.from}
            onChange={(from) => set(i, { from })}
            error={props.error(`${i}.from`)}
          />
          <TextField
            type="time"
            label={t('oncall.to')}
            value={one.to === '24:00' ? '00:00' : one.to}
            onChange={(to) => set(i, { to })}
            error={props.error(`${i}.to`)}
          />
          <button
            type="button"
            className="iconbtn"
            aria-label={t('oncall.remove_hours')}
            onClick={() => props.onChange(value.filter((_, j) => j !== i))}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn sm"
        onClick={() => props.onChange([...value, { days: [], from: '20:00', to: '08:00' }])}
      >
        <Icon name="plus" small />
        {t('oncall.add_hours')}
      </button>
      <p className="hint">{t('oncall.hours_hint')}</p>
    </>
  );
}
