/** The stage `check` of both task programs, as `ferry doctor` starts it: real servers, real processes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkReportKey, checkReportSchema } from '../../../core/server-check.ts';
import type { CheckReport } from '../../../core/server-check.ts';
import { Bench } from './bench.ts';
import type { Ended } from './bench.ts';

describe('the stage check', () => {
  let bench: Bench;
  let checks = 0;
  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());
  before(async () => {
    bench = await Bench.start(started);
  });

  async function check(server: 'source' | 'target', overrides: Record<string, string> = {}): Promise<Ended & { readonly report: CheckReport }> {
    checks += 1;
    const checkId = `check-${checks}`;
    const ended = await bench.start(server === 'source' ? 'dump' : 'import', 'unused', 1, { STAGE: 'check', CHECK_ID: checkId, ...overrides }).ended;
    const key = checkReportKey(checkId, server);
    const report = checkReportSchema.parse(await bench.json(key));
    const stored = (await bench.object(key)).toString();
    for (const { password } of [bench.source.access, bench.target.access]) assert.ok(!stored.includes(password) && !ended.stderr.includes(password));
    assert.doesNotMatch(stored, /IDENTIFIED|\*[0-9A-F]{40}/);
    return { ...ended, report };
  }

  it('tells of the source: settings, privileges, and the client that would dump it', async () => {
    await bench.sourceAdmin.query('CREATE DATABASE counted; CREATE TABLE counted.a (id INT); CREATE TABLE counted.b (id INT)');
    const { exitCode, report } = await check('source');
    assert.equal(exitCode, 0);
    assert.equal(report.error, undefined);
    assert.match(report.client ?? '', /^mysqldump +Ver \d+\.\d+\.\d+/);
    const facts = report.facts!;
    assert.match(facts.version, /^5\.6\.24/);
    assert.equal(facts.account, 'ferry@127.0.0.1');
    assert.equal(facts.variables.max_allowed_packet, String(1024 ** 3));
    assert.equal(facts.variables.aurora_version, undefined);
    assert.deepEqual(facts.grants.map(({ on }) => on), ['*.*']);
    assert.deepEqual(facts.grants[0]!.privileges.toSorted(), ['EVENT', 'EXECUTE', 'LOCK TABLES', 'PROCESS', 'REPLICATION CLIENT', 'SELECT', 'SHOW VIEW', 'TRIGGER']);
    assert.equal(facts.tls, '');
    assert.deepEqual([facts.databases, facts.tables], [1, 2]);
    assert.ok(Number(facts.status.Uptime) > 0);
  });

  it('tells of the target, and of what its account may do by a role', async () => {
    await bench.targetAdmin.query("CREATE ROLE mover; GRANT SHOW_ROUTINE, FLUSH_TABLES ON *.* TO mover; GRANT mover TO 'ferry'@'%'");
    const { exitCode, report } = await check('target');
    assert.equal(exitCode, 0);
    assert.equal(report.client, undefined);
    const facts = report.facts!;
    assert.equal(facts.variables.max_connections, '300');
    assert.match(facts.tls, /^TLSv1\.[23]$/);
    assert.deepEqual(facts.roles, ['`mover`@`%`']);
    assert.ok(facts.grants.some(({ privileges, on }) => on === '*.*' && privileges.includes('FLUSH_TABLES')));
    assert.deepEqual([facts.databases, facts.tables], [0, 0]);
  });

  it('says why a server cannot be reached or refuses the account, and ends with the code of that', async () => {
    const refused = await check('target', { TARGET_SECRET: JSON.stringify({ ...bench.target.access, password: 'wrong' }) });
    assert.equal(refused.exitCode, 23);
    assert.equal(refused.report.error?.name, 'TargetAccessDenied');
    const unreachable = await check('source', { SOURCE_SECRET: JSON.stringify({ ...bench.source.access, port: 1 }) });
    assert.equal(unreachable.exitCode, 20);
    assert.deepEqual([unreachable.report.error?.name, unreachable.report.facts], ['SourceUnreachable', undefined]);
    assert.match(unreachable.report.client ?? '', /mysqldump/);
  });

  it('names the fields that a secret lacks, and no value', async () => {
    const { exitCode, report } = await check('target', { TARGET_SECRET: '{"host":"h","password":"geheim"}' });
    assert.equal(exitCode, 2);
    assert.deepEqual(report.error, { name: 'InvalidInput', message: 'The secret TARGET_SECRET has missing or wrong fields: username.' });
  });

  it('says that the table cannot be read, and that mysqldump is missing', async () => {
    const noTable = await check('source', { TABLE_NAME: 'no-such-table' });
    assert.equal(noTable.exitCode, 31);
    assert.match(noTable.report.recordsError?.message ?? '', /ResourceNotFoundException/);
    const noClient = await check('source', { PATH: '/nonexistent' });
    assert.equal(noClient.exitCode, 42);
    assert.equal(noClient.report.clientError?.name, 'DumpClientUnsupported');
  });
});
