import type { DatabaseCheck } from '../check.ts';

export const definerRights: DatabaseCheck = {
  id: 'definer-rights',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I6'],
  cause: 'The definer of a view (SQL SECURITY DEFINER) lacks a right on something that the view reads or calls.',
  consequence: 'The view arrives, and fails when it is used (error 1356), on the source as on the target.',
  remedy: 'Grant the right to the definer on the source, or make the view anew for another definer.',
  *find({ views }) {
    for (const { name, definer, definerLacks = [] } of views) if (definerLacks.length > 0) yield { object: `view ${name}`, detail: `${definer} lacks ${definerLacks.join(', ')}` };
  },
};
