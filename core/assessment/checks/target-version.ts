import type { ServerCheck } from '../check.ts';
import { isMySqlAtLeast } from '../../mysql-versions.ts';

export const targetVersion: ServerCheck = {
  id: 'target-version',
  scope: 'server',
  severity: 'blocks',
  catalogue: [],
  cause: 'The target is not MySQL 8.0 or later.',
  consequence: 'Ferry imports into Aurora MySQL 3 (8.0) and 8.4 only; collations and accounts that it writes are unknown to older servers.',
  remedy: 'Make an Aurora MySQL 3 or 8.4 cluster, and name its writer endpoint with --target.',
  *find({ target }) {
    if (target !== undefined && !isMySqlAtLeast(target.version, 8)) yield { object: '', detail: `version ${target.version}` };
  },
};
