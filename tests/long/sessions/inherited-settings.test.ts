/** Servers whose global variables change what queries mean: every session of Ferry sets what it depends on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { quoteIdentifier } from '../../../core/names.ts';
import { sessionSettings } from '../../../core/mysql/session-settings.ts';
import { compareFleet } from '../../../local/fleet/compare.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { MigratedFleet } from '../../integration/cli/support/migrated-fleet.ts';
import { query } from '../../support/query.ts';
import { availableOf } from '../matrix/available.ts';

const sqlMode = 'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION';
const onEveryVersion = [
  'SET GLOBAL sql_select_limit = 2',
  'SET GLOBAL completion_type = 2',
  'SET GLOBAL autocommit = 0',
  'SET GLOBAL sql_safe_updates = 1',
  'SET GLOBAL sql_quote_show_create = 0',
  "SET GLOBAL init_connect = 'SET sql_select_limit = 1'",
];
/** Versions before MySQL 8.0 have modes that change what SHOW CREATE TABLE prints. */
const hostile: Readonly<Partial<Record<VersionName, readonly string[]>>> = {
  'mysql-5.6': [`SET GLOBAL sql_mode = '${sqlMode},NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS'`],
  'mysql-5.7': [`SET GLOBAL sql_mode = '${sqlMode},NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS'`, 'SET GLOBAL max_execution_time = 1'],
};

for (const version of await availableOf(['mysql-5.6', 'mysql-5.7'])) {
  describe(`servers with settings that change what queries mean, from ${version}`, () => {
    let fleet: MigratedFleet;
    const started = new AsyncDisposableStack();
    after(() => started.disposeAsync());
    before(async () => {
      fleet = await MigratedFleet.open(started, 4, [], { source: version, target: 'mysql-9.7' });
      const grant = `GRANT SELECT ON ${quoteIdentifier(fleet.databases[0] ?? '')}.* TO 'shop'@'%' IDENTIFIED BY 'a secret'`;
      await fleet.onSource(grant, ...(hostile[version] ?? []), ...onEveryVersion);
      await fleet.onTarget("SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", 'SET GLOBAL max_execution_time = 1', ...onEveryVersion);
    });

    async function run(...words: string[]): Promise<string> {
      const { code, stdout, stderr } = await fleet.run(words, words[0] === 'start' ? fleet.databases.join('\n') : undefined);
      assert.equal(code, 0, stderr + stdout);
      return stdout + stderr;
    }

    it('are assessed: no definer is called missing that is there', async () => {
      const said = await run('assess', ...fleet.sourceWords, ...fleet.targetWords, '--all');
      assert.doesNotMatch(said, /root@127\.0\.0\.1 +/);
      assert.match(said, /NOTHING BLOCKS/);
    });

    it('are migrated with their accounts, whole, and without the account of Ferry itself', async () => {
      assert.match(await run('start', '--migration', 'spring', '--accounts'), /4 of 4 verified {2}100%/);
      const rows = await query(fleet.target.adminAccess, sessionSettings, "SELECT TRIM(User) AS user, account_locked AS locked FROM mysql.user WHERE User IN ('ferry', 'shop')");
      // The target has no plugin for the password of `shop`, which arrives locked; its own account is as it was.
      assert.deepEqual(rows.map(({ user, locked }) => `${String(user)} ${String(locked)}`).sort(), ['ferry N', 'shop Y']);
    });

    it('are compared again with the live source, and by a program that shares nothing with that', async () => {
      await run('verify', '--migration', 'spring', ...fleet.sourceWords, ...fleet.targetWords);
      const undo = onEveryVersion.map((statement) => statement.replace(/= .*$/, '= DEFAULT'));
      await fleet.onSource(sessionSettings, 'SET GLOBAL sql_mode = DEFAULT', ...undo);
      await fleet.onTarget(sessionSettings, 'SET GLOBAL sql_mode = DEFAULT, GLOBAL max_execution_time = 0', ...undo);
      if (version === 'mysql-5.7') await fleet.onSource('SET GLOBAL max_execution_time = 0');
      const { differences, tables } = await compareFleet({ source: fleet.source.adminAccess, target: fleet.target.adminAccess, databases: fleet.databases, content: true });
      assert.deepEqual(differences, []);
      assert.ok(tables > 10);
    });
  });
}
