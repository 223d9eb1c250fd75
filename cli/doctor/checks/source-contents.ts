import { serverCheck } from '../check.ts';
import { ok, skipped } from '../finding.ts';

export const sourceContents = serverCheck('source', 'source-contents', ({ databases, tables }) => {
  if (databases === null || tables === null) return [skipped('counting its tables took longer than a minute and was stopped')];
  return [ok(`${databases.toLocaleString('en-US')} databases with ${tables.toLocaleString('en-US')} tables that the account can see`)];
});
