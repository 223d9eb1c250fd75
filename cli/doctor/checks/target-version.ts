import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { versionOf } from '../settings.ts';

export const targetVersion = serverCheck('target', 'target-version', (facts) => {
  const { major, isMariaDb, text } = versionOf(facts);
  const aurora = facts.variables.aurora_version;
  if (isMariaDb) return [problem(`The target is ${text}`, 'What is written for MySQL 8 does not load there as it is: collations, roles, JSON.', 'Name an Aurora MySQL cluster in the target\'s secret.')];
  if (major < 8) {
    return [problem(`The target is MySQL ${text}`, 'Aurora MySQL 2 (5.7) is out of standard support, and collations and definers are handled as Aurora MySQL 3 has them.', 'Make a cluster of Aurora MySQL 3 or later.')];
  }
  if (aurora !== undefined) return [ok(`Aurora MySQL ${aurora} (MySQL ${text})`)];
  return [warning(`The target is MySQL ${text}, and not Amazon Aurora`, 'It accepts what Aurora does not: other storage engines, other privileges.', 'Good for a rehearsal; for the migration, name the cluster\'s writer endpoint in the target\'s secret.')];
});
