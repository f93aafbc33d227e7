// SQL: by errors, by a condition that is true or false, by time; in every text, in lists and in the language of searches.
import { sweep } from '../lib/sweep.mjs';

const kErrors = [
  "'", '"', "')", "';--", "' OR '1'='1", "' OR 1=1--", "1; DROP TABLE ticket;--", "' UNION SELECT name FROM sqlite_master--",
  "x' AND (SELECT COUNT(*) FROM sqlite_master)>0--", "'||(SELECT group_concat(sql) FROM sqlite_master)||'", "\\'; VACUUM INTO '/tmp/x';--",
  "' AND load_extension('x')--", "'; ATTACH DATABASE '/tmp/x' AS x;--", "' AND 1=CAST((SELECT version()) AS int)--", "$1", "?1", ":a", "@a", "%' ESCAPE '\\",
];
// Each would keep the store busy for minutes.
const kHeavy = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 900000000) SELECT COUNT(*) FROM n)";
const kTimed = [`' OR ${kHeavy}>0--`, `1 AND ${kHeavy}`, "'; SELECT pg_sleep(600)--", "' AND 1=LIKE('ABC',UPPER(HEX(RANDOMBLOB(1500000000))))--"];
// Operators and columns of full-text indexes, and parts of the desk's own language of searches.
const kSearches = [
  '"', '""', '"a', 'a"', '*', 'a*b*', '^', '- -', 'NEAR(a b, 999999999)', 'a NEAR/9 b', 'subject:', '{subject body}: x', 'AND', 'OR', 'NOT', 'a AND', '(', ')', '((((a',
  "state:open' OR '1'='1", 'is:nothing', 'from:%', 'from:_', 'number:PR-1 OR number:PR-2', 'before:9999999-01-01', '-from:x -from:y', 'rowid:1', 'rank:x', 'ticket MATCH \'x\'', '\u0000',
];

const itemsOf = ({ status, json }) => `${status} ${(json?.items ?? []).map(({ id, type }) => `${type}${id}`).join()}`;

/** Two conditions, one true and one false, must make no difference. */
async function conditions(field) {
  const { admin, customers, random } = field;
  const word = random.word();
  // Words that nobody wrote: a search for words that somebody did would rightly find them.
  const [same, other] = [random.word(12), random.word(12)];
  const [yes, no] = random.pick([["' OR '", "'='"], ["') OR ('", "'='"], ['" OR "', '"="']].map(([open, is]) => [`${open}${same}${is}${same}`, `${open}${same}${is}${other}`]));
  for (const client of [admin, customers.a_requester]) {
    const ask = (q) => field.ask(client, 'GET', `/search?${new URLSearchParams({ q: `${word}${q}` })}`);
    const [first, second] = [await ask(yes), await ask(no)];
    field.expect(itemsOf(first) === itemsOf(second), 'a condition in a search makes a difference', first);
  }
}

export const sql = {
  name: 'sql',
  async attack(field) {
    const { random, customers, admin } = field;
    await sweep(field, 'sql', 40, [...kErrors, ...kErrors, ...kTimed]);
    await conditions(field);
    for (const q of random.deal('searches', [...kSearches, ...kErrors], 12)) {
      for (const client of [admin, customers.b_requester]) await field.ask(client, 'GET', `/search?${new URLSearchParams({ q })}`);
    }
    for (const path of ['/tickets', '/portal/tickets', '/organisations', '/audit']) {
      const payload = random.pick(kErrors);
      await field.ask(admin, 'GET', `${path}?${new URLSearchParams({ sort: payload })}`);
      await field.ask(admin, 'GET', `${path}?${new URLSearchParams({ cursor: payload })}`);
    }
    const { json } = await field.ask(admin, 'GET', `/tickets/${field.secrets.a.ticket}`);
    field.expect(json?.id === field.secrets.a.ticket, 'a ticket is gone');
  },
};
