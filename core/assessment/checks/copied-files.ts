import type { DatabaseCheck } from '../check.ts';

/** How the server shows a file or folder whose name no table or database of 5.1 or later can have. */
const prefix = '#mysql50#';

export const copiedFiles: DatabaseCheck = {
  id: 'copied-files',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['I15'],
  cause:
    'The database or table is shown with #mysql50# before its name: its files were copied by hand, or come from MySQL 5.0, and their name is not written as MySQL writes names.',
  consequence: 'A dump names it in this way, and the target refuses the name.',
  remedy:
    'Give it a proper name on the source: RENAME TABLE `#mysql50#a-b` TO `a-b`, ALTER DATABASE `#mysql50#a-b` UPGRADE DATA DIRECTORY NAME; or move the files away.',
  *find({ name, tables, views }) {
    if (name.startsWith(prefix)) yield { object: '' };
    for (const table of tables) if (table.name.startsWith(prefix)) yield { object: `table ${table.name}` };
    for (const view of views) if (view.name.startsWith(prefix)) yield { object: `view ${view.name}` };
  },
};
