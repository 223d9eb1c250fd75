/** Which servers the dump was tried on. */
import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { versionOf } from '../settings.ts';

export const sourceVersion = serverCheck('source', 'source-version', (facts) => {
  const { major, minor, isMariaDb, text } = versionOf(facts);
  if (isMariaDb) {
    return [warning(`The source is ${text}`, "Its dump may hold what MySQL does not know: sequences, system versioning, its own collations. It is not in the tests.", 'Rehearse with copies of the largest and the strangest databases.')];
  }
  if (major < 5 || (major === 5 && minor < 5)) {
    return [problem(`The source is MySQL ${text}`, "Before 5.5 there is no utf8mb4, which dumps are made in.", 'Move it to a MySQL 5.6 first.')];
  }
  if (major === 5 && minor === 6) return [ok(`MySQL ${text}`)];
  return [warning(`The source is MySQL ${text}`, 'The tests run against 5.6; this version uses the same programs and is not in the tests.', 'Rehearse with a few databases under another migration name.')];
});
