import type { DatabaseCheck } from '../check.ts';
import { definersOf } from '../definers.ts';

export const privilegedDefiner: DatabaseCheck = {
  id: 'privileged-definer',
  scope: 'object',
  severity: 'warning',
  catalogue: ['I6', 'I24'],
  cause: 'The object runs as an account with SUPER or another privilege that Aurora grants to nobody.',
  consequence: "What it does by that privilege fails on the target. If an account of that name is one of the server's own there, the object is refused (error 1227).",
  remedy: 'Give the object a definer of its own, with the privileges on the tables that it uses.',
  *find(database, { source }) {
    const privileged = new Map((source.accounts ?? []).filter(({ serverPrivileges }) => serverPrivileges.length > 0).map(({ account, serverPrivileges }) => [account, serverPrivileges]));
    for (const { object, definer } of definersOf(database)) {
      const held = privileged.get(definer);
      if (held !== undefined) yield { object, detail: `${definer} has ${held.join(', ')}` };
    }
  },
};
