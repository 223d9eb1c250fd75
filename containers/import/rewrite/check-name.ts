import { edited, nameIn } from '../../../core/sql-tokens.ts';
import type { Edit } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { definitionsOf, tableTokens } from './table-tokens.ts';

/** Leaves it to MySQL to name the checks that MariaDB named. */
export const checkName: Rule = {
  name: 'check-name',
  kinds: ['table'],
  concerns: /`CONSTRAINT_\d+` CHECK\b/i,
  apply({ sql }) {
    const edits = definitionsOf(tableTokens(sql)).flatMap((definition): Edit[] => {
      const [keyword, name, check] = definition;
      if (keyword?.upper !== 'CONSTRAINT' || check?.upper !== 'CHECK' || !/^CONSTRAINT_\d+$/.test(nameIn(name))) return [];
      return [{ start: keyword.start, end: check.start, text: '' }];
    });
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};
