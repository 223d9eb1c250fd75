import type { DatabaseCheck } from '../check.ts';

export const floatKeyDuplicates: DatabaseCheck = {
  id: 'float-key-duplicates',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I16'],
  cause: 'Keys of a primary key or unique index differ only in digits of a FLOAT that no dump has: it writes six.',
  consequence: 'The target refuses the second of them (error 1062, "Duplicate entry").',
  remedy:
    'Make the column DOUBLE on the source, which keeps the stored values: ALTER TABLE … MODIFY … DOUBLE. Counted with --also float-keys only.',
  *find({ costly }) {
    for (const [key, count] of costly.floatKeys)
      if (count > 0) yield { object: `index ${key.replace('\0', '.')}`, detail: `${count} keys would meet another` };
  },
};
