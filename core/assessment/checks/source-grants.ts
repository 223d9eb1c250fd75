import { isMySqlAtLeast } from '../../mysql-versions.ts';
import { sourcePrivileges } from '../../privileges/needed.ts';
import type { ServerCheck } from '../check.ts';
import { heldPrivileges } from '../held-privileges.ts';

export const sourceGrants: ServerCheck = {
  id: 'source-grants',
  scope: 'server',
  severity: 'warning',
  catalogue: ['E2', 'E11'],
  cause: "Ferry's account on the source lacks global privileges that a dump may need.",
  consequence: 'Databases of which it sees all otherwise can be dumped. The others are refused before their dump, as SourcePrivilegeMissing; unseen-objects names them.',
  remedy: `GRANT ${sourcePrivileges.join(', ')} ON *.* to it, as docs/security.md says. Roles count where they are active by default.`,
  *find({ source }) {
    const held = heldPrivileges(source);
    if (held === undefined) return;
    // Without the binary log position a dump is whole; since MySQL 8.0 views are shown without EXECUTE.
    const needless = ['REPLICATION CLIENT', ...(isMySqlAtLeast(source.version, 8) ? ['EXECUTE'] : [])];
    const missing = sourcePrivileges.filter((privilege) => !needless.includes(privilege) && !held.everywhere(privilege));
    if (missing.length > 0) yield { object: '', detail: missing.join(', ') };
  },
};
