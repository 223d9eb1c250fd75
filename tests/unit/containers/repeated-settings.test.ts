import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutRepeatedSettings } from '../../../containers/import/repeated-settings.ts';
import { classify } from '../../../containers/import/statement-kinds.ts';

const save = '/*!40101 SET @saved_cs_client     = @@character_set_client */';
const set = '/*!50503 SET character_set_client = utf8mb4 */';
const back = '/*!40101 SET character_set_client = @saved_cs_client */';
const table = (name: string): string => `CREATE TABLE \`${name}\` (\n  \`id\` int\n)`;
const sent = (statements: readonly string[]): string[] => withoutRepeatedSettings(statements.map((sql) => classify(sql))).map(({ sql }) => sql);

describe('settings that a dump repeats for each table', () => {
  it('are sent once for tables that follow each other', () => {
    const dump = [save, set, table('a'), back, save, set, table('b'), back, save, set, table('c'), back];
    assert.deepEqual(sent(dump), [save, set, table('a'), table('b'), table('c'), back]);
  });

  it('stay where another character set is taken', () => {
    const dump = [save, set, table('a'), back, save, set.replace('utf8mb4', 'latin1'), table('b'), back, save, set, table('c'), back];
    assert.deepEqual(sent(dump), dump);
  });

  it('stay before what is no table, and after it', () => {
    const view = '/*!50001 CREATE VIEW `v` AS SELECT 1 AS `id`*/';
    const dump = [save, set, table('a'), back, save, set, view, back, save, set, table('b'), back];
    assert.deepEqual(sent(dump), dump);
  });

  it('stay where something else was set meanwhile', () => {
    for (const other of ['SET NAMES latin1', 'SET @saved_cs_client = NULL', 'ALTER DATABASE `d` CHARACTER SET latin1']) {
      const dump = [save, set, table('a'), other, back, save, set, table('b'), back];
      assert.deepEqual(sent(dump), dump);
    }
  });

  it('stay where nothing was saved before them', () => {
    const dump = [set, table('a'), back, save, set, table('b'), back];
    assert.deepEqual(sent(dump), dump);
  });
});
