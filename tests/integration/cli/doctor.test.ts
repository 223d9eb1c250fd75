/** The doctor, and a run by stage, on a real local runtime between real servers. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { createConnection } from 'mysql2/promise';
import type { CheckedFinding } from '../../../cli/doctor/check.ts';
import { checks } from '../../../cli/doctor/checks/index.ts';
import { connectionOptions } from '../../../core/server-access.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { seedFleet } from '../../../local/fleet/seed.ts';
import type { RunningServer } from '../../../local/mysql/server-process.ts';
import type { Outcome } from './ferry.ts';
import { ferry } from './ferry.ts';
import type { RuntimeFile } from '../../../local/state-folder.ts';
import { keyVariables } from '../../support/keys.ts';
import { startCommandServers, startLocalRuntime } from './support/local-runtime.ts';

describe('ferry doctor, on a local runtime', { concurrency: 1 }, () => {
  let directory: string;
  let source: RunningServer;
  let target: RunningServer;
  /** With which --stage finds the local runtime as it finds AWS. */
  let environment: Record<string, string>;
  let runtime: RuntimeFile;
  let databases: readonly string[];

  const started = new AsyncDisposableStack();
  after(() => started.disposeAsync());

  before(async () => {
    const servers = await startCommandServers(started, ['--performance-schema=ON']);
    ({ directory, source, target } = servers);
    ({ databases } = await seedFleet({ source: source.adminAccess, databases: 2, largeMegabytes: 1 }));
    ({ runtime } = await startLocalRuntime(started, servers));
    environment = { AWS_ENDPOINT_URL: runtime.endpoint, AWS_REGION: 'us-east-1', ...keyVariables(runtime.credentials.operator) };
  });

  function findingsIn({ stdout, stderr }: Outcome): readonly CheckedFinding[] {
    assert.notEqual(stdout, '', stderr);
    for (const { password } of [source.access, target.access]) assert.ok(!(stdout + stderr).includes(password));
    return (JSON.parse(stdout) as { findings: CheckedFinding[] }).findings;
  }

  const severityOf = (findings: readonly CheckedFinding[], check: string): string | undefined => findings.find((finding) => finding.check === check)?.severity;

  it('looks at everything that there is on one machine, through real tasks', async () => {
    const outcome = await ferry(['doctor', '--local', '--json'], { directory });
    const findings = findingsIn(outcome);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.deepEqual([...new Set(findings.map(({ check }) => check))], checks.map(({ name }) => name));
    assert.deepEqual(findings.filter(({ severity }) => severity === 'skipped').map(({ check }) => check), ['fargate-quota', 'lambda-quota', 'step-functions-quota', 'images']);
    assert.deepEqual(findings.filter(({ severity }) => severity === 'problem'), []);
    // MySQL 5.6 knows no TLS 1.2, and the target is no Aurora.
    for (const check of ['source-tls', 'target-version', 'sql-modes']) assert.equal(severityOf(findings, check), 'warning', check);
    assert.match(findings.find(({ check }) => check === 'source-contents')?.what ?? '', /^2 databases with \d+ tables/);
  });

  it('finds the same by stage, with the SDK on the way to it', async () => {
    const outcome = await ferry(['doctor', '--stage', 'dev', '--json'], { directory: tmpdir(), environment });
    const findings = findingsIn(outcome);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(findings.find(({ check }) => check === 'stack')?.what, 'aurora-ferry-dev is in CREATE_COMPLETE');
    assert.equal(findings.find(({ check }) => check === 'images')?.what, 'not asked: the local runtime does not implement it');
    for (const check of ['source-from-inside', 'target-from-inside', 'secrets', 'table', 'bucket']) assert.equal(severityOf(findings, check), 'ok', check);
  });

  it('is shown in words on a pipe, and says what to do', async () => {
    const { stdout } = await ferry(['doctor', '--max-connections', '5000'], { directory });
    assert.match(stdout, /^ {2}problem {2}connections {12}max_connections is 300, in use \d+; imports start under 5000$/m);
    assert.match(stdout, /^ +Do: {2}Start with --max-connections 2\d\d, or take a larger instance/m);
    assert.match(stdout, /\n1 problem, \d+ warnings, \d+ ok, 4 skipped\n$/);
  });

  it('runs a migration by stage: start, status and show find the stack by its outputs', async () => {
    const by = ['--stage', 'dev'];
    const started = await ferry(['start', '--migration', 'staged', ...by, ...databases], { directory: tmpdir(), environment });
    assert.equal(started.code, 0, started.stderr);
    assert.match(started.stderr, /^Started run staged-\d{8}-\d{6}-[0-9a-f]{6}: 2 databases, on the stack aurora-ferry-dev in us-east-1\.$/m);
    assert.match(started.stdout, /2 of 2 verified {2}100%/);
    const shown = await ferry(['show', databases[0]!, ...by], { directory: tmpdir(), environment });
    assert.match(shown.stdout, /VERIFIED, 5 objects cannot run {2}migration staged/);
    const administrator = { ...environment, ...keyVariables(runtime.credentials.root) };
    const missing = await ferry(['status', '--stage', 'prod'], { directory: tmpdir(), environment: administrator });
    assert.equal(missing.code, 92);
    assert.match(missing.stderr, /no CloudFormation stack aurora-ferry-prod in account 000000000000, region us-east-1\./);
    // An operator may ask for the own stack only.
    const foreign = await ferry(['status', '--stage', 'prod'], { directory: tmpdir(), environment });
    assert.equal(foreign.code, 99);
    assert.match(foreign.stderr, /cloudformation:DescribeStacks on resource: \S+:stack\/aurora-ferry-prod\//);
  });

  it('says what a freeze needs of the account on the source, which is a problem only where one is planned', async () => {
    const sourceFreeze = async (...planned: string[]): Promise<{ code: number | null; finding: CheckedFinding }> => {
      const outcome = await ferry(['doctor', '--json', ...planned], { directory });
      return { code: outcome.code, finding: findingsIn(outcome).find(({ check }) => check === 'source-freeze')! };
    };
    const unplanned = await sourceFreeze();
    assert.deepEqual([unplanned.code, unplanned.finding.severity, unplanned.finding.what], [0, 'ok', 'ferry@127.0.0.1 lacks RELOAD, which only a run with --freeze needs']);
    for (const option of ['--freeze', '--freeze=revoke']) {
      const { code, finding } = await sourceFreeze(option);
      assert.deepEqual([code, finding.severity], [104, 'problem'], option);
      assert.match(finding.remedy ?? '', option === '--freeze' ? /^GRANT RELOAD ON/ : /^GRANT INSERT, .*SUPER ON \*\.\* TO 'ferry'@'127\.0\.0\.1' WITH GRANT OPTION;$/);
      await execute(source.adminAccess, finding.remedy ?? '');
      const cured = await sourceFreeze(option);
      assert.deepEqual([cured.code, cured.finding.severity], [0, 'ok'], cured.finding.what);
    }
  });

  it('sees a privilege that was taken away, and a server that is gone', async () => {
    await execute(source.adminAccess, "REVOKE LOCK TABLES, EVENT ON *.* FROM 'ferry'@'127.0.0.1'");
    const revoked = await ferry(['doctor', '--json'], { directory });
    assert.equal(revoked.code, 104);
    assert.match(revoked.stderr, /^ferry: ProblemsFound: 1 problem, /m);
    const [found] = findingsIn(revoked).filter(({ severity }) => severity === 'problem');
    assert.equal(found?.remedy, "GRANT LOCK TABLES, EVENT ON *.* TO 'ferry'@'127.0.0.1';");

    await target.stop();
    const gone = await ferry(['doctor', '--json'], { directory });
    const findings = findingsIn(gone);
    assert.equal(gone.code, 104);
    assert.match(findings.find(({ check }) => check === 'target-from-inside')?.why ?? '', /^TargetUnreachable: every branch would fail with it\.$/);
    assert.equal(findings.find(({ check }) => check === 'target-privileges')?.what, 'the target could not be reached');
    assert.equal(severityOf(findings, 'source-privileges'), 'problem');
  });
});

async function execute(server: ServerAccess, statement: string): Promise<void> {
  const connection = await createConnection(connectionOptions(server));
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
