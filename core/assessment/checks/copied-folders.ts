import type { ServerCheck } from '../check.ts';

export const copiedFolders: ServerCheck = {
  id: 'copied-folders',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I15'],
  cause:
    'A folder of the data directory is shown as a database with #mysql50# before its name: it was copied by hand, or is none of MySQL.',
  consequence: '--all leaves it out: nothing of it would be migrated.',
  remedy:
    'If it is a database: ALTER DATABASE `#mysql50#a-b` UPGRADE DATA DIRECTORY NAME on the source (before MySQL 8.0). Else move the folder away.',
  *find({ source }) {
    for (const name of source.databases ?? []) if (name.startsWith('#mysql50#')) yield { object: `database ${name}` };
  },
};
