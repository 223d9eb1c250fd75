import type { ServerCheck } from '../check.ts';

/** Those of docs/security.md. */
const needed = ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'PROCESS'];

export const sourceGrants: ServerCheck = {
  id: 'source-grants',
  scope: 'server',
  severity: 'warning',
  catalogue: ['E2', 'E11'],
  cause: "Ferry's account on the source lacks global privileges that a dump needs.",
  consequence: 'Databases for which it has them otherwise can be dumped. The others end in SourcePrivilegeMissing, or lack what the account cannot see: routines, triggers, events.',
  remedy: "GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, PROCESS, REPLICATION CLIENT ON *.* to it, as docs/security.md says.",
  *find({ source }) {
    if (source.grants === undefined) return;
    const global = source.grants.filter((grant) => / ON \*\.\* /i.test(`${grant} `)).join(', ');
    if (/\bALL PRIVILEGES\b/i.test(global)) return;
    const held = new Set(global.replace(/GRANT /gi, '').split(/,| ON /i).map((word) => word.trim().toUpperCase()));
    const missing = needed.filter((privilege) => !held.has(privilege));
    if (missing.length > 0) yield { object: '', detail: missing.join(', ') };
  },
};
