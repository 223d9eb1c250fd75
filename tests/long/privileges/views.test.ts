import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { assessDatabase } from '../../../core/assessment/assess.ts';
import type { Severity } from '../../../core/assessment/check.ts';
import type { Query } from '../../../core/assessment/facts.ts';
import { readDatabase } from '../../../core/assessment/read-database.ts';
import { readServer } from '../../../core/assessment/read-server.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { startVersion, versionNames } from '../../../local/mysql/versions.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { account, documentedWithout, makeAccount } from '../../support/privileges.ts';
import { cache, killed, lean, temporaryFolder } from '../../support/servers.ts';

const made = [
  'CREATE DATABASE views', 'CREATE DATABASE lib', 'USE views', 'CREATE TABLE t (id INT)', 'CREATE TABLE gone (id INT)', 'CREATE TABLE lib.there (id INT)',
  'CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1', 'CREATE FUNCTION dropped(x INT) RETURNS INT DETERMINISTIC RETURN x',
  'CREATE VIEW good AS SELECT id FROM t', 'CREATE VIEW calls AS SELECT f(id) AS y FROM t', 'CREATE SQL SECURITY INVOKER VIEW invokes AS SELECT f(id) AS y FROM t',
  "CREATE VIEW orphan AS SELECT gone.id, 'from `x`.`y`' AS c FROM t JOIN gone ON gone.id = t.id", 'CREATE VIEW functionless AS SELECT dropped(id) FROM t',
  'CREATE VIEW misspelt AS SELECT id FROM t', 'DROP TABLE gone', 'DROP FUNCTION dropped',
];

for (const version of versionNames) {
  describe(`Views on ${version}`, () => {
    const isModern = version === 'mysql-8.0' || version === 'mysql-9.7';
    const running = new AsyncDisposableStack();
    let server: RunningServer;
    let admin: Connection;

    before(async () => {
      server = killed(running, await startVersion(version, { directory: join(await temporaryFolder(running), version), serverOptions: lean, ...cache }));
      admin = running.adopt(await createConnection(connectionOptions(server.adminAccess)), (open) => { open.destroy(); });
      for (const sql of made) await admin.query(sql);
      if (isModern) return;
      const file = join(server.directory, 'data', 'views', 'misspelt.frm');
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll('select `views`', 'selekt `views`'));
      await admin.query('FLUSH TABLES');
    });
    after(() => running.disposeAsync());

    /** What blocks the database, as an assessment by that account says it. */
    async function blocking(grants: readonly string[], wanted: Severity = 'blocks'): Promise<Map<string, string>> {
      await makeAccount(admin, grants);
      const session = await createConnection({ ...connectionOptions(server.access), user: 'limited', password: 'only for a test' });
      try {
        const query: Query = async <Row>(sql: string): Promise<Row[]> => (await session.query<RowDataPacket[]>(sql))[0] as Row[];
        const source = await readServer(query);
        const facts = await readDatabase({ query, name: 'views', version: source.version, depth: 'full' });
        const findings = assessDatabase(facts, { source, target: undefined }).filter(({ severity }) => severity === wanted);
        return new Map(findings.flatMap(({ check, occurrences }) => occurrences.map(({ object, detail = '' }) => [`${check} ${object}`.trim(), detail])));
      } finally {
        session.destroy();
      }
    }

    it('are invalid for the reason that the server has, and none is called a table', async () => {
      const found = await blocking([documentedWithout([])]);
      assert.deepEqual([...found.keys()].sort(), ['invalid-view view functionless', ...(isModern ? [] : ['invalid-view view misspelt']), 'invalid-view view orphan']);
      assert.equal(found.get('invalid-view view orphan'), 'table `views`.`gone` is gone');
      assert.equal(found.get('invalid-view view functionless'), 'function `views`.`dropped` is gone');
      if (!isModern) assert.match(found.get('invalid-view view misspelt') ?? '', /^the server cannot parse it: You have an error in your SQL syntax/);
    });

    it('that call a function lack a right of the account, where the server asks for it', async () => {
      const found = await blocking([documentedWithout(['EXECUTE'])]);
      if (isModern) {
        assert.deepEqual([...found.keys()].filter((key) => !key.startsWith('invalid-view')), []);
        return;
      }
      assert.deepEqual([...found.keys()].filter((key) => !key.startsWith('invalid-view')).sort(), ['denied-view view calls', 'denied-view view invokes', 'unseen-objects']);
      assert.match(found.get('denied-view view calls') ?? '', /execute command denied to user 'limited'@'127\.0\.0\.1' for routine 'views\.f'/);
      assert.match(found.get('unseen-objects') ?? '', new RegExp(`^${account} lacks EXECUTE on FUNCTION .views.\\..f. .* Give it: GRANT EXECUTE ON FUNCTION .views.\\..f. TO ${account};$`));
    });

    it('whose definer lacks a right are told of, and not those whose definer has it by a pattern or a column', async () => {
      await admin.query("CREATE USER 'weak'@'%' IDENTIFIED BY 'only for a test'");
      await admin.query("CREATE USER 'strong'@'%' IDENTIFIED BY 'only for a test'");
      await admin.query("GRANT SELECT, EXECUTE ON `view_`.* TO 'strong'@'%'");
      await admin.query("GRANT SELECT (id) ON lib.there TO 'strong'@'%'");
      for (const definer of ['weak', 'strong']) {
        await admin.query(`CREATE DEFINER='${definer}'@'%' VIEW views.of_${definer} AS SELECT t.id, views.f(1) AS y, there.id AS other FROM views.t JOIN lib.there`);
      }
      const found = await blocking([documentedWithout([])], 'warning');
      for (const definer of ['weak', 'strong']) await admin.query(`DROP VIEW views.of_${definer}`);
      assert.deepEqual([...found].filter(([key]) => key.startsWith('definer-rights')), [['definer-rights view of_weak', 'weak@% lacks SELECT on `views`.`t`, SELECT on `lib`.`there`, EXECUTE on `views`.`f`']]);
    });

    it('that read another database are not called broken because the account does not see that', async () => {
      await admin.query('CREATE SQL SECURITY INVOKER VIEW views.elsewhere AS SELECT id FROM lib.there');
      const found = await blocking([documentedWithout([], '`views`.*'), isModern ? 'GRANT SHOW_ROUTINE ON *.* TO @' : 'GRANT SELECT ON mysql.proc TO @']);
      await admin.query('DROP VIEW views.elsewhere');
      const said = found.get('invalid-view view elsewhere');
      if (said !== undefined) assert.equal(said, "table `lib`.`there` is gone or not shown: Ferry's account lacks SELECT on `lib`");
      assert.equal(found.has('invalid-view view good'), false);
    });
  });
}
