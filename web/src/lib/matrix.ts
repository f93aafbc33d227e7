// Priority from impact and urgency, both 1 to 4. Pure.
import type { Priority } from './dto';

export const kDefaultMatrix: Priority[][] = [
  ['P1', 'P1', 'P2', 'P3'],
  ['P1', 'P2', 'P3', 'P3'],
  ['P2', 'P3', 'P3', 'P4'],
  ['P3', 'P3', 'P4', 'P4'],
];

/** The cell's priority; undefined outside the matrix. */
export function priorityOf(matrix: Priority[][], impact: number, urgency: number): Priority | undefined {
  return matrix[impact - 1]?.[urgency - 1];
}

/** Rows or columns in which a graver impact or urgency would give a lower priority: what a policy must not hold. */
export function disorders(matrix: Priority[][]): { impact: number; urgency: number }[] {
  const out: { impact: number; urgency: number }[] = [];
  const rank = (i: number, u: number) => Number(matrix[i]?.[u]?.slice(1) ?? 9);
  for (let i = 0; i < 4; i++) {
    for (let u = 0; u < 4; u++) {
      const left = u > 0 && rank(i, u - 1) > rank(i, u);
      const above = i > 0 && rank(i - 1, u) > rank(i, u);
      if (left || above) out.push({ impact: i + 1, urgency: u + 1 });
    }
  }
  return out;
}

/** How a cell stands to the chosen one: the cell itself, its row or column, or neither. */
export function cellRole(
  impact: number,
  urgency: number,
  chosen: { impact: number; urgency: number },
): 'chosen' | 'cross' | 'plain' {
  if (impact === chosen.impact && urgency === chosen.urgency) return 'chosen';
  return impact === chosen.impact || urgency === chosen.urgency ? 'cross' : 'plain';
}
