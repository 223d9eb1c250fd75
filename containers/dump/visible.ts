/**
 * Refuses a database of which the account on the source may not see all: what it cannot see, dump and expectation would
 * both lack.
 */
import type { DatabaseFacts } from '../../core/assessment/facts.ts';
import { FerryError } from '../../core/errors.ts';
import { assertAllVisible } from '../../core/privileges/find-missing.ts';
import type { MysqlSession } from '../common/mysql-session.ts';

/**
 * One question, where the account has what docs/security.md asks for. @throws FerryError SourcePrivilegeMissing; what
 * the server answers
 */
export function assertEverythingVisible(session: MysqlSession, database: string): Promise<void> {
  return assertAllVisible((sql) => session.query(sql), database, 'dump');
}

/**
 * What the grants promise is not believed of texts: a view or routine that is shown without its text would be dumped
 * without it.
 * A view with a flaw is a finding of its own.
 * @throws FerryError SourcePrivilegeMissing
 */
export function assertNothingHidden({ name, views, programs }: DatabaseFacts): void {
  const hidden = [
    ...views.filter(({ flaw, definition }) => flaw === undefined && definition === '').map((view) => `view \`${view.name}\``),
    ...programs.filter(({ body }) => body === '').map((program) => `${program.kind} \`${program.name}\``),
  ];
  if (hidden.length === 0) return;
  const more = hidden.length > shownNames ? ` and ${hidden.length - shownNames} more` : '';
  throw new FerryError('SourcePrivilegeMissing', `\`${name}\` cannot be dumped whole: the source does not show Ferry's account the text of ${hidden.slice(0, shownNames).join(', ')}${more}.`);
}

const shownNames = 5;
