import type { ServerCheck } from '../check.ts';
import { variable } from '../look.ts';

export const characterSetDefaults: ServerCheck = {
  id: 'character-set-defaults',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I11'],
  cause: 'Source and target make new databases with different character sets or collations.',
  consequence: 'What is migrated keeps its own. Databases that an application makes later differ from those, and comparing columns of both ends in "illegal mix of collations" (1267).',
  remedy: "Set character_set_server and collation_server in the target's parameter group to those of the source.",
  *find({ source, target }) {
    for (const name of ['character_set_server', 'collation_server']) {
      const [from, to] = [variable(source, name), variable(target, name)];
      if (from !== undefined && to !== undefined && sameUtf8(from) !== sameUtf8(to)) yield { object: `variable ${name}`, detail: `${from} on the source, ${to} on the target` };
    }
  },
};

/** MySQL 8.0 writes utf8mb3 where older servers write utf8. */
function sameUtf8(name: string): string {
  return name.replace(/^utf8mb3/, 'utf8');
}
