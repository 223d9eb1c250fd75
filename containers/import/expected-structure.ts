/** What the target's objects should be: the source's, but for what the import's audit says was converted. */
import type { Structure } from '../../core/objects/structure.ts';
import { ownerAttribute } from '../../core/objects/structure.ts';
import type { Audit } from '../../core/contracts.ts';
import { removedSqlModes } from '../../core/sql-modes.ts';

type AuditEntry = Audit['entries'][number];
type Change = (structure: Structure, entry: AuditEntry) => void;

/** By rule. One without an entry changes nothing that is compared, or, if it does, ends as a mismatch. */
const changes: Readonly<Record<string, Change>> = {
  'storage-engine': (structure, { object }) => {
    set(structure, object, 'engine', 'InnoDB');
  },
  'disabled-event': (structure, { object }) => {
    set(structure, object, 'status', 'DISABLED');
  },
  'auto-increment-key': addKey,
  'sql-mode': (structure) => {
    for (const [name, { 'sql mode': modes }] of Object.entries(structure)) {
      if (modes !== undefined) set(structure, name, 'sql mode', modes.split(',').filter((mode) => !removedSqlModes.has(mode)).join(','));
    }
  },
  'missing-definer': (structure, { object, after }) => {
    const [, user, host] = /\bDEFINER\s*=\s*`((?:[^`]|``)*)`@`((?:[^`]|``)*)`/.exec(after) ?? [];
    if (user === undefined || host === undefined) return;
    const definer = `${user}@${host}`.replaceAll('``', '`');
    // The audit calls a routine what its statement makes.
    for (const name of [object, object.replace(/^routine /, 'procedure '), object.replace(/^routine /, 'function ')]) set(structure, name, 'definer', definer);
  },
};

export function expectedStructure(source: Structure, audit: Audit['entries']): Structure {
  const expected = { ...source };
  for (const entry of audit) changes[entry.rule]?.(expected, entry);
  return expected;
}

/** InnoDB counts over all groups of a counter that MyISAM kept for each, so that it may be further. */
function addKey(structure: Structure, { object, after }: AuditEntry): void {
  const column = /, KEY \(`((?:[^`]|``)+)`\)\s*\)[^)]*$/s.exec(after)?.[1]?.replaceAll('``', '`');
  const table = structure[object];
  if (column === undefined || table === undefined) return;
  const counter = table['auto-increment'];
  if (counter !== undefined) set(structure, object, 'auto-increment', `${counter.split('..')[0] ?? ''}..`);
  const owner = object.slice('table '.length);
  let name = column;
  // As the server names an index that was given no name.
  for (let number = 2; structure[`index ${owner}.${name}`] !== undefined; number += 1) name = `${column}_${number}`;
  structure[`index ${owner}.${name}`] = { [ownerAttribute]: object, kind: 'INDEX', columns: column };
}

function set(structure: Structure, object: string, attribute: string, value: string): void {
  const known = structure[object];
  if (known === undefined) return;
  const others = Object.entries(known).filter(([name]) => name !== attribute);
  structure[object] = Object.fromEntries(value === '' ? others : [...others, [attribute, value]]);
}
