import type { DatabaseCheck } from '../check.ts';
import type { ViewFacts } from '../facts.ts';
import { heldPrivileges } from '../held-privileges.ts';

export const invalidView: DatabaseCheck = {
  id: 'invalid-view',
  scope: 'object',
  severity: 'blocks',
  catalogue: ['E5'],
  cause: 'The view reads a table, column or function that is gone (error 1356), or the server cannot parse its text.',
  consequence: 'mysqldump stops at it.',
  remedy: 'Make what it needs, or make the view anew, or drop it. SHOW CREATE VIEW still shows the text of one that can be parsed.',
  *find({ views }, { source }) {
    const sees = (database: string): boolean | undefined => heldPrivileges(source)?.onDatabase('SELECT', database);
    for (const view of views) {
      if (view.flaw === undefined || view.fault?.kind === 'denied' || isDefinerMissing(view.flaw)) continue;
      yield { object: `view ${view.name}`, detail: describeFlaw(view, sees) };
    }
  },
};

/** @param sees whether Ferry's account sees all tables and functions of a database; undefined where its grants are not known */
function describeFlaw({ flaw, fault }: ViewFacts, sees: (database: string) => boolean | undefined): string | undefined {
  if (fault?.kind === 'unparsable') return `the server cannot parse it: ${fault.message}`;
  const absent = fault?.absent ?? [];
  if (absent.length === 0) return fault?.message ?? flaw;
  return absent
    .map(({ kind, database, name }) => {
      const seen = sees(database);
      const fate = seen === true ? 'is gone' : seen === false ? `is gone or not shown: Ferry's account lacks SELECT on \`${database}\`` : "is gone, or not shown to Ferry's account";
      return `${kind} \`${database}\`.\`${name}\` ${fate}`;
    })
    .join('; ');
}

/** The check of definers reports those: their views are dumped and made, and fail when they are used. */
function isDefinerMissing(flaw: string): boolean {
  return /specified as a definer/i.test(flaw);
}
