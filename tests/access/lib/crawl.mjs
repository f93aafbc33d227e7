// Everything that somebody can read: each reading operation with each thing of the desk, whatever it answers.
import { pathOf } from '../../api/lib/cases.mjs';

const kAtOnce = 6;
// What a parameter of that name can be; `id` is tried with everything.
const kinds = { skill: ['skill'], clock: ['clock'], override: ['override'], seq: ['seq'], image: ['image'], token: ['token'] };

function* choices(names, things) {
  const [name, ...rest] = names;
  if (!name) return yield {};
  const values = kinds[name] ? kinds[name].flatMap((kind) => things[kind] ?? []) : things.id;
  for (const value of values) for (const others of choices(rest, things)) yield { [name]: value, ...others };
}

/** [{path, status, text, asked}] of every answer; `queries` gives operations the query strings that they need. */
export async function crawl(client, operations, things, queries) {
  const waiting = [];
  for (const operation of operations.filter(({ method, media }) => method === 'GET' && media !== 'text/event-stream')) {
    for (const values of choices(operation.ids, things)) {
      for (const query of queries[operation.id] ?? ['']) waiting.push(pathOf(operation, values) + (query && `?${query}`));
    }
  }
  const found = [];
  const worker = async () => {
    while (waiting.length) {
      const path = waiting.pop();
      const answer = await client.ask('GET', path);
      if (answer.status >= 500) throw new Error(`${answer.asked}: ${answer.status} ${answer.text}`);
      // A search says how it read the question: what was asked is no news.
      const { query: _, ...told } = answer.json ?? {};
      const text = answer.json ? JSON.stringify(told) : answer.text;
      // What is refused must tell nothing either.
      found.push({ path, status: answer.status, text, asked: answer.asked });
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, worker));
  return found;
}
