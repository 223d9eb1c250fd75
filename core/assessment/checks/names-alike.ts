import type { DatabaseCheck } from '../check.ts';
import { foldedName } from '../folded-name.ts';

export const namesAlike: DatabaseCheck = {
  id: 'names-alike',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I15'],
  cause: 'Two triggers, or two foreign keys, of the database have names that differ by case or accents alone.',
  consequence:
    'The source keeps them apart. To MySQL 8.0 and later they are one name, and the second is refused (errors 1359 and 1826).',
  remedy:
    'Give one of them another name on the source: SHOW CREATE TRIGGER, DROP and CREATE; ALTER TABLE … DROP FOREIGN KEY, ADD CONSTRAINT.',
  *find({ programs, foreignKeys }) {
    const triggers = programs
      .filter(({ kind }) => kind === 'trigger')
      .map(({ name }) => ({ object: `trigger ${name}`, name }));
    const keys = foreignKeys.map(({ table, name }) => ({ object: `foreign key ${table}.${name}`, name }));
    for (const names of [triggers, keys]) {
      const seen = new Map<string, string>();
      for (const { object, name } of names) {
        const before = seen.get(foldedName(name));
        if (before === undefined) seen.set(foldedName(name), object);
        else yield { object, detail: `as ${before}` };
      }
    }
  },
};
