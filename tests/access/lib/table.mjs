// The table of who may do what, as text that people read and review.
import { readFileSync } from 'node:fs';

const kCells = new Set(['yes', '401', '403', '404', '422', '-']);

/** {callers, rows: [{name, operation, variant, cells: {caller: cell}}]}; a malformed table throws. */
export function parseTable(text) {
  const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('#'));
  const [, ...callers] = lines[0].trim().split(/\s+/);
  const rows = lines.slice(1).map((line) => {
    const [name, ...cells] = line.trim().split(/\s+/);
    if (cells.length !== callers.length) throw new Error(`${name}: ${cells.length} cells for ${callers.length} callers`);
    for (const cell of cells) if (!kCells.has(cell)) throw new Error(`${name}: ${cell} is no cell`);
    const [operation, variant] = name.split(':');
    return { name, operation, variant, cells: Object.fromEntries(callers.map((caller, i) => [caller, cells[i]])) };
  });
  const names = rows.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (twice.length) throw new Error(`twice in the table: ${twice}`);
  return { callers, rows };
}

export const readTable = () => parseTable(readFileSync(new URL('../table.txt', import.meta.url), 'utf8'));
