import type { DatabaseCheck } from '../check.ts';

export const invalidView: DatabaseCheck = {
  id: 'invalid-view',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['E5'],
  cause: 'The view reads a table, column or function that is gone, or that its definer may not read (error 1356).',
  consequence: 'mysqldump stops at it.',
  remedy: 'Drop the view, or make what it needs. SHOW CREATE VIEW still shows its text.',
  *find({ views }) {
    for (const { name, flaw } of views) if (flaw !== undefined && !isDefinerMissing(flaw)) yield { object: `view ${name}`, detail: flaw };
  },
};

/** The check of definers reports those: their views are dumped and made, and fail when they are used. */
function isDefinerMissing(flaw: string): boolean {
  return /specified as a definer/i.test(flaw);
}
