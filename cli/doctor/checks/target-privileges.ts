/** What an import does (docs/security.md). */
import { serverCheck } from '../check.ts';
import type { Finding } from '../finding.ts';
import { ok, problem, warning } from '../finding.ts';
import { missingPrivileges } from '../settings.ts';
import { quotedAccount } from './source-privileges.ts';

const needed = [
  'CREATE', 'DROP', 'SELECT', 'INSERT', 'ALTER', 'INDEX', 'REFERENCES', 'CREATE VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EVENT', 'TRIGGER', 'PROCESS',
];

export const targetPrivileges = serverCheck('target', 'target-privileges', (facts) => {
  const findings: Finding[] = [];
  const { account } = facts;
  const missing = missingPrivileges(facts, needed);
  if (missing.length > 0) {
    findings.push(problem(`The account ${account} lacks ${missing.join(', ')} on *.*`, 'Imports fail as TargetPrivilegeMissing.', `GRANT ${missing.join(', ')} ON *.* TO ${quotedAccount(account)};`));
  }
  // Aurora MySQL 3 has the first, MySQL from 8.2 on and Aurora MySQL 8.4 the others.
  const definers = missingPrivileges(facts, ['SET_USER_ID']).length === 0 || missingPrivileges(facts, ['SET_ANY_DEFINER', 'ALLOW_NONEXISTENT_DEFINER']).length === 0;
  if (!definers && missingPrivileges(facts, ['SUPER']).length > 0) {
    findings.push(
      warning(
        `The account ${account} may not make objects of other definers`,
        'Views, routines, triggers and events whose DEFINER is another account fail as ImportRejected (1227).',
        'Use the cluster\'s master user, or grant SET_USER_ID (Aurora MySQL 3) or SET_ANY_DEFINER and ALLOW_NONEXISTENT_DEFINER (8.4).',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`${account} has what an import needs${facts.roles.length > 0 ? ` (with its roles ${facts.roles.join(', ')})` : ''}`)];
});
