import { foldedName } from '../folded-name.ts';
import type { DatabaseCheck } from '../check.ts';
import { lookAtColumns } from '../look.ts';
import { elementsOf } from '../row-size.ts';

export const enumMembersAlike: DatabaseCheck = {
  id: 'enum-members-alike',
  scope: 'table',
  severity: 'blocks',
  catalogue: ['I15'],
  cause:
    "Two members of an ENUM or SET are equal in the column's collation: 'a' and 'A'. They were let in without strict mode, or by another collation.",
  consequence:
    'A dump writes members by their names, so that each row with the second arrives with the first; in strict mode the target refuses the table (error 1291).',
  remedy:
    'Give the column a collation that tells them apart (…_bin), or make one of the two: UPDATE the rows, then ALTER TABLE … MODIFY, on the source.',
  find: (database) =>
    lookAtColumns(database, ({ dataType, type, collation }) => {
      if ((dataType !== 'enum' && dataType !== 'set') || collation === null) return undefined;
      const seen = new Set<string>();
      const alike = elementsOf(type).find((element) => {
        const folded = foldedBy(collation, element);
        const isSeen = seen.has(folded);
        seen.add(folded);
        return isSeen;
      });
      return alike === undefined ? undefined : `'${alike}' in ${collation}`;
    }),
};

/** Only what is certain of a collation: of those of single languages, that case does not matter. */
function foldedBy(collation: string, element: string): string {
  const trimmed = collation.includes('_0900_') ? element : element.replace(/ +$/, '');
  if (/_general_ci$|_unicode_ci$|_unicode_520_ci$|_0900_ai_ci$/.test(collation) && collation.startsWith('utf8'))
    return foldedName(trimmed);
  return collation.endsWith('_ci') ? trimmed.toUpperCase() : trimmed;
}
