import { describeMissing, missingPrivileges } from '../../privileges/needed.ts';
import type { DatabaseCheck } from '../check.ts';
import { heldPrivileges } from '../held-privileges.ts';

export const unseenObjects: DatabaseCheck = {
  id: 'unseen-objects',
  scope: 'database',
  severity: 'blocks',
  catalogue: ['E2', 'E11'],
  cause: "By its grants, Ferry's account may not see all of the database on the source: tables, the text of views or routines, triggers, events.",
  consequence: 'The dump is refused as SourcePrivilegeMissing. Other findings may be missing here too.',
  remedy: 'Grant what is named to the account (docs/security.md), then assess again.',
  *find({ name, tables, views, programs }, { source }) {
    const held = heldPrivileges(source);
    if (held === undefined) return;
    const missing = missingPrivileges(
      held,
      {
        database: name,
        version: source.version,
        hasViews: views.length > 0,
        isLocked: tables.some(({ engine }) => engine?.toLowerCase() !== 'innodb'),
        hiddenRoutines: programs.filter(({ kind, body }) => (kind === 'procedure' || kind === 'function') && body === '').map((program) => program.name),
        refusedFunctions: [...new Set(views.flatMap(({ fault }) => fault?.routine ?? []))],
        denied: [],
      },
      'dump',
    );
    if (missing.length > 0) yield { object: '', detail: describeMissing(held, name, missing) };
  },
};
