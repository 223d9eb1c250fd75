import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { sourcePrivileges } from '../../../core/privileges/needed.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import { startVersion, versionNames } from '../../../local/mysql/versions.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import type { RunningServer } from '../../../local/mysql/source-server.ts';
import { Bench } from '../../integration/containers/bench.ts';
import { account, assertRefused, assertWhole, database, documentedWithout, dumpAs, giveWhatIsAsked, makeAccount, makeEveryObject } from '../../support/privileges.ts';
import { cache, killed, lean, temporaryFolder } from '../../support/servers.ts';

const escaped = '`shop\\_1`';
/** What no grant on single databases gives, and routines need. */
const forRoutines: Readonly<Record<VersionName, string>> = {
  'mysql-5.5': 'GRANT SELECT ON mysql.proc TO @',
  'mysql-5.6': 'GRANT SELECT ON mysql.proc TO @',
  'mysql-5.7': 'GRANT SELECT ON mysql.proc TO @',
  'mariadb-10.11': 'GRANT SELECT ON mysql.proc TO @',
  'mysql-8.0': 'GRANT SHOW_ROUTINE ON *.* TO @',
  'mysql-9.7': 'GRANT SHOW_ROUTINE ON *.* TO @',
};

let bench: Bench;
const started = new AsyncDisposableStack();

before(async () => {
  bench = await Bench.start(started);
  process.env['TMPDIR'] = bench.temporaryFolder;
});
after(() => started.disposeAsync());

for (const version of versionNames) {
  describe(`An account on ${version} that`, () => {
    const running = new AsyncDisposableStack();
    const isModern = version === 'mysql-8.0' || version === 'mysql-9.7';
    let server: RunningServer;
    let admin: Connection;

    before(async () => {
      server = killed(running, await startVersion(version, { directory: join(await temporaryFolder(running), version), serverOptions: lean, ...cache }));
      admin = running.adopt(await createConnection(connectionOptions(server.adminAccess)), (open) => { open.destroy(); });
      await makeEveryObject(admin);
    });
    after(() => running.disposeAsync());

    const whole = async (grants: readonly string[], when = grants.join('; ')): Promise<void> => {
      await makeAccount(admin, grants);
      assertWhole(await dumpAs(bench, server), when);
    };
    const refused = async (grants: readonly string[], lacking: readonly string[]): Promise<void> => {
      await makeAccount(admin, grants);
      await assertRefused(bench, server, admin, { lacking, when: grants.join('; ') });
    };
    /** What a dump is whole without. */
    const needless = new Set(['PROCESS', 'REPLICATION CLIENT', ...(isModern ? ['EXECUTE'] : [])]);

    it('has what is documented dumps a database whole', () => whole([documentedWithout([])]));

    it('lacks one privilege on everything is refused by its name, and dumps all once it is given', async () => {
      for (const left of sourcePrivileges) {
        if (needless.has(left)) await whole([documentedWithout([left])]);
        else await refused([documentedWithout([left])], [left]);
      }
    });

    it('has grants on the database alone dumps it whole, and is refused for each that is left out', async () => {
      for (const pattern of [escaped, '`shop%`']) {
        await whole([documentedWithout([], `${pattern}.*`), forRoutines[version]]);
        await refused([documentedWithout([], `${pattern}.*`)], [isModern ? 'SHOW_ROUTINE' : 'SELECT']);
        for (const left of ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT']) await refused([documentedWithout([left], `${pattern}.*`), forRoutines[version]], [left]);
      }
      if (isModern) await whole([documentedWithout(['EXECUTE'], `${escaped}.*`), forRoutines[version]]);
      else await refused([documentedWithout(['EXECUTE'], `${escaped}.*`), forRoutines[version]], ['EXECUTE']);
    });

    it('has a grant whose place another takes is refused', async () => {
      await refused([documentedWithout([], '`shop%`.*'), `GRANT SELECT, EVENT ON ${escaped}.* TO @`, forRoutines[version]], ['SHOW VIEW', 'TRIGGER']);
      await refused([`GRANT SELECT, EVENT ON ${escaped}.* TO @`, documentedWithout([], '`shop%`.*'), forRoutines[version]], ['SHOW VIEW', 'TRIGGER']);
      await refused([documentedWithout(['TRIGGER'], '`shop%`.*'), 'GRANT TRIGGER ON `sh%`.* TO @', forRoutines[version]], ['TRIGGER']);
      await refused(['GRANT TRIGGER ON `shop_1`.* TO @', documentedWithout(['TRIGGER'], '`sh%`.*'), forRoutines[version]], ['TRIGGER']);
    });

    it('may select from single tables or columns is refused', async () => {
      const rest = documentedWithout(['SELECT'], `${escaped}.*`);
      await refused([rest, forRoutines[version], ...['t', 'm', 'v'].map((name) => `GRANT SELECT ON ${database}.${name} TO @`)], ['SELECT']);
      await refused([rest, forRoutines[version], `GRANT SELECT (id, c) ON ${database}.t TO @`], ['SELECT']);
      await refused([`GRANT SELECT, TRIGGER, SHOW VIEW ON ${database}.t TO @`], ['SELECT', 'TRIGGER', 'EVENT']);
    });

    it('is overtaken by a grant of the anonymous account is refused, or sees all', async () => {
      if (isModern) await admin.query("CREATE USER ''@'127.0.0.1'");
      await makeAccount(admin, [documentedWithout([], '`shop%`.*'), forRoutines[version]]);
      await admin.query(`GRANT SELECT, INSERT, EVENT, EXECUTE ON ${escaped}.* TO ''@'127.0.0.1'`);
      try {
        const dumped = await dumpAs(bench, server);
        if (dumped.exitCode === 0) assertWhole(dumped, 'an anonymous account');
        else assert.equal(dumped.error?.name, 'SourcePrivilegeMissing');
      } finally {
        await admin.query("DROP USER ''@'127.0.0.1'");
      }
    });

    it('has nothing at all is refused', () => refused([], ['SELECT', 'TRIGGER', 'EVENT']));

    it('sees the names of routines and not their text is told which', async () => {
      await makeAccount(admin, [documentedWithout([], `${escaped}.*`)]);
      assert.match((await dumpAs(bench, server)).error?.message ?? '', /procedures and functions are not shown \((?:f, p|p, f)\)/);
    });

    it('is the definer of all routines needs no privilege for them', async () => {
      await makeAccount(admin, [documentedWithout([], `${escaped}.*`)]);
      await admin.query(`DROP FUNCTION f`);
      await admin.query(`DROP PROCEDURE p`);
      await admin.query(`CREATE DEFINER=${account} FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1`);
      await admin.query(`CREATE DEFINER=${account} PROCEDURE p() SELECT 1`);
      assertWhole(await dumpAs(bench, server), 'its own routines');
    });

    if (!isModern) return;

    it('lost privileges by a partial revoke is refused', async () => {
      await admin.query('SET GLOBAL partial_revokes = ON');
      try {
        for (const left of ['SELECT', 'TRIGGER', 'EVENT', 'SHOW VIEW', 'LOCK TABLES']) {
          await makeAccount(admin, [documentedWithout([])]);
          await admin.query(`REVOKE ${left} ON ${database}.* FROM ${account}`);
          await assertRefused(bench, server, admin, { lacking: [left], when: `partial revoke of ${left}` });
        }
        await refused([documentedWithout([], '`shop%`.*'), forRoutines[version]], ['SELECT']);
      } finally {
        await admin.query(`DROP USER ${account}`);
        await admin.query('SET GLOBAL partial_revokes = OFF');
      }
    });
  });

  if (version.startsWith('mysql-5')) continue;
  describe(`A role on ${version}`, () => {
    const running = new AsyncDisposableStack();
    let server: RunningServer;
    let admin: Connection;

    before(async () => {
      server = killed(running, await startVersion(version, { directory: join(await temporaryFolder(running), version), serverOptions: lean, ...cache }));
      admin = running.adopt(await createConnection(connectionOptions(server.adminAccess)), (open) => { open.destroy(); });
      await makeEveryObject(admin);
      await admin.query('CREATE ROLE mover');
    });
    after(() => running.disposeAsync());

    it('counts while it is active, and is told of while it is not', async () => {
      // MySQL 8.0 lets nobody USE a database by a role whose grant has a backslash in the name.
      for (const grant of [documentedWithout([]), documentedWithout([], `${version === 'mysql-8.0' ? database : escaped}.*`)]) {
        await admin.query('DROP ROLE mover');
        await admin.query('CREATE ROLE mover');
        await admin.query(grant.replace('@', 'mover'));
        if (!grant.includes('*.*')) await admin.query(forRoutines[version].replace('@', 'mover'));
        await makeAccount(admin, ['GRANT mover TO @']);
        const { error } = await dumpAs(bench, server);
        assert.equal(error?.name, 'SourcePrivilegeMissing', grant);
        const activate = /Its roles \(.*mover.*\) have it, but are not active: (SET DEFAULT ROLE .*);$/.exec(error.message)?.[1] ?? '';
        assert.notEqual(activate, '', error.message);
        await admin.query(activate);
        assertWhole(await dumpAs(bench, server), `${grant}, active`);
        await makeAccount(admin, ['GRANT mover TO @']);
        await giveWhatIsAsked(admin, error.message);
        // Not active, so that the account's own count.
        assertWhole(await dumpAs(bench, server), `${grant}, given to the account`);
      }
    });
  });
}
