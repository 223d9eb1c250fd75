import type { DatabaseCheck } from '../check.ts';

export const deniedView: DatabaseCheck = {
  id: 'denied-view',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['E2', 'E5'],
  cause: "Ferry's account on the source lacks a right on something that the view calls or reads (errors 1370, 1142, 1143, 1044). The view itself is in order.",
  consequence: 'The dump is refused as SourcePrivilegeMissing: mysqldump would stop at the view.',
  remedy: "Grant the right to Ferry's account, most often EXECUTE ON *.*, as docs/security.md says. The view need not be changed.",
  *find({ views }) {
    for (const { name, fault } of views) if (fault?.kind === 'denied') yield { object: `view ${name}`, detail: fault.message };
  },
};
