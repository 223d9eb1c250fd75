/** An audit as text: of each entry the lines that changed. */
import type { AuditEntry } from '../../../containers/import/rewrite/rewriter.ts';

/** What every dump of mysqldump has in its header. */
const inEveryDump = new Set(['unique-checks']);

export function describeAudit(entries: readonly Pick<AuditEntry, 'rule' | 'object' | 'before' | 'after'>[], database: string, whole: boolean): string {
  return entries
    .filter(({ rule }) => whole || !inEveryDump.has(rule))
    .map(({ rule, object, before, after }) => {
      const [removed, added] = changedLines(before.replaceAll(database, 'scenario').split('\n'), after.replaceAll(database, 'scenario').split('\n'));
      return [`${rule}: ${object.replaceAll(database, 'scenario')}`, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`), ''].join('\n');
    })
    .join('\n');
}

function changedLines(before: readonly string[], after: readonly string[]): [string[], string[]] {
  let first = 0;
  while (first < before.length && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < Math.min(before.length, after.length) - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  const middle = [before.slice(first, before.length - last), after.slice(first, after.length - last)] as const;
  // A statement that was left out has no lines, not one that is empty.
  const added = middle[1].length === 1 && middle[1][0] === '' ? [] : middle[1];
  return [middle[0].filter((line) => !added.includes(line)), added.filter((line) => !middle[0].includes(line))];
}
