import { serverCheck } from '../check.ts';
import { ok, skipped } from '../finding.ts';

export const targetContents = serverCheck('target', 'target-contents', ({ databases, tables }) => {
  if (databases === null || tables === null) return [skipped('counting its tables took longer than a minute and was stopped')];
  if (databases === 0) return [ok('it holds no database of users')];
  return [ok(`${databases.toLocaleString('en-US')} databases with ${tables.toLocaleString('en-US')} tables are there already; Ferry touches none that it did not make`)];
});
