// A payload into each place of the API where text goes in.
import { placesOf, put } from './places.mjs';

// What ends the caller's own session, costs a mail that is waited for, or trains a model each time.
const kSpared = new Set(['signOut', 'getPageByLink', 'answerPageByLink', 'trainModel', 'activateModel', 'dropModel']);

/** Is this one of the operations that families go through? */
export const goneThrough = ({ id, media }) => !kSpared.has(id) && media !== 'text/event-stream';

/** Puts `value` at the place and asks. The answer, or undefined when what is needed could not be made. */
export async function hit(field, { operation, kind, at }, value, { client, headers } = {}) {
  const ready = await field.ready(operation);
  if (!ready) return undefined;
  if (kind === 'query') {
    const [path, given] = ready.path.split('?');
    const query = new URLSearchParams(given);
    query.set(at[0], value);
    return field.ask(client ?? ready.client, operation.method, `${path}?${query}`, { headers });
  }
  const body = put(field.document, operation.body, ready.body, at, value);
  return field.ask(client ?? ready.client, operation.method, ready.path, { body, headers });
}

/** Hits the next `count` places, each with one of `payloads`; `look(answer, value, place)` at what was not refused by a rule of the desk. */
export async function sweep(field, name, count, payloads, look = () => undefined) {
  const places = placesOf(field.document, goneThrough);
  await field.each(field.random.deal(name, places, count), async (place) => {
    const value = field.random.pick(payloads);
    const answer = await hit(field, place, value);
    if (answer) await look(answer, value, place);
  });
}

/** Every text in a JSON value, with where it stands. */
export function* textsOf(value, at = '') {
  if (typeof value === 'string') yield [at, value];
  else if (value && typeof value === 'object') for (const [name, member] of Object.entries(value)) yield* textsOf(member, `${at}/${name}`);
}
