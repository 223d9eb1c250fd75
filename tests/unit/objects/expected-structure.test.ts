import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conversionNames } from '../../../core/conversions.ts';
import type { ConversionName } from '../../../core/conversions.ts';
import { expectedStructure, isLeftToTarget } from '../../../core/objects/expected-structure.ts';
import type { Structure, StructureObject } from '../../../core/objects/structure.ts';

const of = 'table t';
const source = {
  database: { collation: 'utf8mb4_uca1400_ai_ci' },
  'table t': { engine: 'MyISAM', collation: 'utf8mb4_uca1400_as_cs', 'auto-increment': '5' },
  'column t.a': { of, type: 'varchar(9)', collation: 'utf8mb4_nopad_bin', generated: '`b` collate utf8mb4_uca1400_ai_ci' },
  'check t.t_chk_1': { of, expression: 'a>1' },
  'check t.CONSTRAINT_1': { of, expression: 'a>2' },
  'check t.own': { of, expression: 'a>3' },
  'table u': { engine: 'MyISAM' },
  'view v': { definition: "select astext(`g`),'astext(x)',`a` collate utf8mb4_uca1400_as_ci", definer: 'old@%', connection: 'utf8mb4_uca1400_ai_ci' },
  'procedure p': { body: 'BEGIN DECLARE x TEXT CHARACTER SET utf8mb4; SELECT X(g); END', definer: 'old@%', 'sql mode': 'NO_AUTO_CREATE_USER,STRICT_ALL_TABLES' },
  'function p': { body: 'RETURN 1', definer: 'old@%', 'sql mode': 'NO_AUTO_CREATE_USER' },
  'view calls': { definition: "select `Is_Uuid`(`g`),`plain`(1),'`is_uuid`(1)',is_uuid(2)", connection: 'utf8mb4_uca1400_ai_ci' },
  'event e': { status: 'ENABLED', definer: 'old@%' },
} satisfies Structure;

interface Effect {
  readonly object: string;
  readonly before?: string;
  readonly after?: string;
  /** Objects that are other than before; an empty one is gone. */
  readonly changes: Readonly<Record<string, StructureObject>>;
}

/** Every rule is here, or this does not compile. */
const effects: Record<ConversionName, readonly Effect[]> = {
  // These refuse a dump, leave out or change what no structure holds, or write what it holds already.
  'sandbox-line': [],
  'mariadb-comment': [],
  'server-state': [],
  'unique-checks': [],
  'merge-engine': [],
  'remote-engine': [],
  'mariadb-table': [],
  'mariadb-type': [],
  'year-two-digits': [],
  'row-format': [],
  'file-placement': [],
  'table-options': [],
  'default-expression': [],
  'trailing-semicolon': [],
  'storage-engine': [{ object: 'table t', changes: { 'table t': { ...source['table t'], engine: 'InnoDB' } } }],
  'explicit-collation': [
    { object: 'table t', changes: {} },
    { object: 'routine p', changes: { 'procedure p': { ...source['procedure p'], body: 'BEGIN DECLARE x TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; SELECT X(g); END' } } },
  ],
  'mariadb-collation': [
    { object: 'database shop', changes: { database: { collation: 'utf8mb4_0900_ai_ci' } } },
    { object: 'session', changes: { 'view v': { ...source['view v'], connection: 'utf8mb4_0900_ai_ci' }, 'view calls': { ...source['view calls'], connection: 'utf8mb4_0900_ai_ci' } } },
    {
      object: 'table t',
      changes: {
        'table t': { ...source['table t'], collation: 'utf8mb4_0900_as_cs' },
        'column t.a': { ...source['column t.a'], collation: 'utf8mb4_0900_bin', generated: '`b` collate utf8mb4_0900_ai_ci' },
      },
    },
    { object: 'view v', changes: { 'view v': { ...source['view v'], definition: "select astext(`g`),'astext(x)',`a` collate utf8mb4_0900_as_ci" } } },
  ],
  'expired-event': [{ object: 'event e', changes: { 'event e': {} } }],
  'auto-increment-key': [
    {
      object: 'table t',
      after: 'CREATE TABLE `t` (\n  `n` int NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`g`,`n`)\n, KEY (`n`)) ENGINE=InnoDB',
      changes: { 'table t': { ...source['table t'], 'auto-increment': '5..' }, 'index t.n': { of, kind: 'INDEX', columns: 'n' } },
    },
  ],
  'check-name': [{ object: 'table t', changes: { 'check t.CONSTRAINT_1': {}, 'check t.t_chk_2': { of, expression: 'a>2' } } }],
  'old-geometry-function': [
    { object: 'view v', changes: { 'view v': { ...source['view v'], definition: "select ST_AsText(`g`),'astext(x)',`a` collate utf8mb4_uca1400_as_ci" } } },
    { object: 'routine p', changes: { 'procedure p': { ...source['procedure p'], body: 'BEGIN DECLARE x TEXT CHARACTER SET utf8mb4; SELECT ST_X(g); END' } } },
  ],
  'native-function-name': [
    {
      object: 'view v',
      before: 'CREATE VIEW `v` AS select `other`.`is_uuid`(1),`IS_uuid`(`g`)',
      after: 'CREATE VIEW `v` AS select `other`.`is_uuid`(1),`sh``op`.`IS_uuid`(`g`)',
      changes: { 'view v': { ...source['view v'], definition: "select astext(`g`),'astext(x)',`a` collate utf8mb4_uca1400_as_ci" } },
    },
    {
      object: 'view calls',
      before: 'CREATE VIEW `calls` AS select `is_uuid`(`g`)',
      after: 'CREATE VIEW `calls` AS select `sh``op`.`is_uuid`(`g`)',
      changes: { 'view calls': { ...source['view calls'], definition: "select `sh``op`.`Is_Uuid`(`g`),`plain`(1),'`is_uuid`(1)',is_uuid(2)" } },
    },
  ],
  'missing-definer': [{ object: 'view v', after: 'CREATE DEFINER=`n``w`@`10.%` VIEW `v` AS SELECT 1', changes: { 'view v': { ...source['view v'], definer: 'n`w@10.%' } } }],
  'disabled-event': [{ object: 'event e', changes: { 'event e': { ...source['event e'], status: 'DISABLED' } } }],
  'sql-mode': [
    {
      object: 'session',
      changes: { 'procedure p': { ...source['procedure p'], 'sql mode': 'STRICT_ALL_TABLES' }, 'function p': { body: 'RETURN 1', definer: 'old@%' } },
    },
  ],
};

describe('what a target is to hold', () => {
  const everywhere = ['session', 'database shop', ...Object.keys(source)];
  for (const rule of conversionNames) {
    it(`follows from the audit of ${rule}`, () => {
      const before = structuredClone<Structure>(source);
      const tried: readonly Effect[] = effects[rule].length === 0 ? everywhere.map((object) => ({ object, changes: {} })) : effects[rule];
      for (const { object, before: was = '', after = '', changes } of tried) {
        const expected = { ...source, ...changes } as Structure;
        const kept = Object.fromEntries(Object.entries(expected).filter(([, attributes]) => Object.keys(attributes).length > 0));
        assert.deepEqual(expectedStructure(source, [{ rule, reason: '', object, before: was, after }]), kept, object);
      }
      assert.deepEqual(source, before, 'the source is left as it is');
    });
  }

  it('leaves to the target what the operator switched off, and nothing else', () => {
    const engine = { object: 'table t', attribute: 'engine', source: 'MyISAM', target: 'InnoDB' };
    const collation = { object: 'column t.a', attribute: 'collation', source: 'utf8mb4_general_ci', target: 'utf8mb4_0900_ai_ci' };
    assert.deepEqual([engine, collation].map((difference) => isLeftToTarget(difference, ['storage-engine'])), [true, false]);
    assert.deepEqual([engine, collation].map((difference) => isLeftToTarget(difference, ['explicit-collation'])), [false, true]);
    assert.equal(isLeftToTarget({ ...engine, target: 'MEMORY' }, ['storage-engine']), false);
    assert.equal(isLeftToTarget({ ...collation, target: 'utf8mb4_bin' }, ['explicit-collation']), false);
    assert.equal(isLeftToTarget({ ...collation, source: undefined, target: undefined }, ['explicit-collation']), false);
  });
});
