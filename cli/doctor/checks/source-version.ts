/** Which servers the dump was tried on. */
import { isTestedSource, testedSources } from '../../../core/mysql-versions.ts';
import { serverCheck } from '../check.ts';
import { ok, problem, warning } from '../finding.ts';
import { versionOf } from '../settings.ts';

export const sourceVersion = serverCheck('source', 'source-version', (facts) => {
  const { major, minor, isMariaDb, text } = versionOf(facts);
  const product = isMariaDb ? text : `MySQL ${text}`;
  if (!isMariaDb && (major < 5 || (major === 5 && minor < 5))) {
    return [problem(`The source is ${product}`, 'Before 5.5 there is no utf8mb4, which dumps are made in.', 'Move it to a MySQL 5.6 first.')];
  }
  if (isTestedSource(text)) return [ok(product)];
  return [
    warning(
      `The source is ${product}`,
      `The tests run against ${testedSources.join(', ')}; this version uses the same programs and is not in the tests.`,
      'Rehearse with copies of the largest and the strangest databases under another migration name.',
    ),
  ];
});
