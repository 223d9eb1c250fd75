import type { ServerCheck } from '../check.ts';
import { isAtLeast, isMariaDb } from '../../mysql-versions.ts';

export const sourceVersion: ServerCheck = {
  id: 'source-version',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'The source is of a version that Ferry was not made for: it knows MySQL 5.5 to 8.x, and MariaDB up to 10.11.',
  consequence: 'Metadata and dumps of other versions may lack what Ferry reads, or hold what it does not know.',
  remedy: 'Migrate a few databases first and look at what arrived before you plan the rest.',
  *find({ source: { version } }) {
    const known = isMariaDb(version) ? !isAtLeast(version, 11) : isAtLeast(version, 5, 5) && !isAtLeast(version, 9);
    if (!known) yield { object: '', detail: `version ${version}` };
  },
};
