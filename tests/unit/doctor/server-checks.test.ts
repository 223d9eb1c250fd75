/** Every rule on the servers: what is well is ok, and each flaw is told with its reason and remedy. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Check } from '../../../cli/doctor/check.ts';
import { runChecks } from '../../../cli/doctor/check.ts';
import { checks } from '../../../cli/doctor/checks/index.ts';
import type { Examination, Plan } from '../../../cli/doctor/examination.ts';
import type { Finding, Severity } from '../../../cli/doctor/finding.ts';
import { NotExamined } from '../../../cli/doctor/finding.ts';
import type { ServerFacts } from '../../../core/server-check.ts';
import { testedSources } from '../../../core/mysql-versions.ts';
import { versionTitles } from '../../../local/mysql/versions.ts';
import { source, target } from './facts.ts';
import type { FactChanges } from './facts.ts';

const plan: Plan = { databases: undefined, maxConcurrency: 200, dumpThreads: 4, maxConnections: 200, freeze: undefined };
const rules = checks.filter(({ area, name }) => /Source|Target/.test(area) && !name.endsWith('from-inside') && name !== 'dump-client');

function examinationOf(from: ServerFacts, to: ServerFacts, planned: Plan = plan): Examination {
  const notAsked = (): Promise<never> => Promise.reject(new NotExamined('no part of this test'));
  return {
    local: false,
    plan: planned,
    signal: new AbortController().signal,
    configuration: notAsked,
    caller: notAsked,
    stack: notAsked,
    outputs: notAsked,
    taskDefinition: notAsked,
    look: notAsked,
    report: notAsked,
    facts: (server) => Promise.resolve(server === 'source' ? from : to),
  };
}

function named(name: string): Check {
  const check = rules.find((each) => each.name === name);
  assert.ok(check !== undefined, `there is no check ${name}`);
  return check;
}

async function findings(name: string, from: FactChanges, to: FactChanges = {}, planned: Partial<Plan> = {}): Promise<readonly Finding[]> {
  return named(name).examine(examinationOf(source(from), target(to), { ...plan, ...planned }));
}

async function finds(name: string, severity: Severity, what: RegExp, from: FactChanges, to: FactChanges = {}, planned: Partial<Plan> = {}): Promise<void> {
  const found = await findings(name, from, to, planned);
  assert.deepEqual(found.map((finding) => finding.severity), [severity], JSON.stringify(found));
  assert.match(found[0]!.what, what);
  if (severity === 'problem' || severity === 'warning') {
    assert.ok((found[0]!.why ?? '').length > 20 && (found[0]!.remedy ?? '').length > 20, 'a reason and a remedy');
  }
}

describe('servers that are as they should be', () => {
  it('give every rule nothing to complain of', async () => {
    const found = await runChecks(rules, examinationOf(source(), target()));
    assert.deepEqual(found.filter(({ severity }) => severity !== 'ok'), []);
    assert.deepEqual([...new Set(found.map(({ check }) => check))], rules.map(({ name }) => name));
  });
});

describe('the source', () => {
  it('may be unencrypted, with a warning', () => finds('source-tls', 'warning', /not encrypted/, { tls: '' }));

  it('is to prove who it is, with a warning where nothing of that is checked', async () => {
    await finds('source-tls', 'warning', /certificate of the source is not checked/, { tlsMode: 'required' });
    await finds('source-tls', 'ok', /its authority is checked, its name not/, { tlsMode: 'verify-ca' });
    await finds('source-tls', 'ok', /bears its name/, { tlsMode: 'verify' });
  });

  it('is known to work in the versions that the tests run against', async () => {
    for (const version of ['5.5.34', '5.6.24-log', '8.0.33', '10.11.6-MariaDB-log']) await finds('source-version', 'ok', new RegExp(version), { version });
    await finds('source-version', 'warning', /MySQL 8\.4\.3$/, { version: '8.4.3' });
    await finds('source-version', 'problem', /MySQL 5\.1\.73/, { version: '5.1.73' });
    await finds('source-version', 'warning', /MariaDB/, { version: '10.6.4-MariaDB' });
  });

  it('is what the tests know to start', () => {
    const started = Object.values(versionTitles).map((title) => /^\w+ \d+\.\d+/.exec(title)?.[0] ?? '');
    assert.deepEqual([...started].sort(), [...testedSources].sort());
  });

  it('must give the account what mysqldump needs, and says which GRANT does', async () => {
    const [missing] = await findings('source-privileges', { grants: [{ privileges: ['SELECT', 'PROCESS', 'REPLICATION CLIENT'], on: '*.*' }] });
    assert.equal(missing?.severity, 'problem');
    assert.equal(missing.what, 'The account ferry@10.% lacks LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE on *.*');
    assert.equal(missing.remedy, "GRANT LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON *.* TO 'ferry'@'10.%';");
    assert.equal((await findings('source-privileges', { version: '8.0.36', grants: [{ privileges: ['SELECT', 'PROCESS', 'REPLICATION CLIENT'], on: '*.*' }] }))[0]?.what, 'The account ferry@10.% lacks LOCK TABLES, SHOW VIEW, TRIGGER, EVENT on *.*');
    await finds('source-privileges', 'ok', /has what a dump needs/, { grants: [{ privileges: ['ALL PRIVILEGES'], on: '*.*' }] });
  });

  it('may give them database by database, and without what is only good to have', async () => {
    const all = ['SELECT', 'LOCK TABLES', 'SHOW VIEW', 'TRIGGER', 'EVENT', 'EXECUTE'];
    const found = await findings('source-privileges', { grants: [{ privileges: all, on: '`crm`.*' }] });
    assert.deepEqual(found.map(({ severity }) => severity), ['warning', 'warning']);
    assert.match(found[0]!.what, /granted database by database/);
    assert.match(found[1]!.why!, /^Without PROCESS .*; without REPLICATION CLIENT /);
    await finds('source-privileges', 'ok', /has what a dump needs/, { version: '8.0.36' });
    const dynamic = await findings('source-privileges', { version: '8.0.36', grants: [{ privileges: [...all, 'PROCESS', 'REPLICATION CLIENT'], on: '`crm`.*' }] });
    assert.match(dynamic[1]!.what, /lacks PROCESS, REPLICATION CLIENT, SHOW_ROUTINE$/);
  });

  it('must not have lost them to a partial revoke, nor hold them by a role that is not active', async () => {
    await finds('source-privileges', 'problem', /lacks TRIGGER on \*\.\*$/, { version: '8.0.36', revokes: [{ privileges: ['TRIGGER'], on: '`crm`.*' }] });
    const [byRole] = await findings('source-privileges', { version: '8.0.36', grants: [{ privileges: ['USAGE'], on: '*.*' }], roles: ['`mover`@`%`'] });
    assert.match(byRole!.remedy!, /Its roles \(`mover`@`%`\) count only where they are active by default/);
  });

  it('must give the account what a freeze needs where databases are to be frozen, and need not otherwise', async () => {
    const everyRun = source().grants;
    await finds('source-freeze', 'ok', /lacks RELOAD, which only a run with --freeze needs$/, {});
    await finds('source-freeze', 'problem', /lacks RELOAD on \*\.\*, which --freeze needs$/, {}, {}, { freeze: 'lock' });
    const locks: FactChanges = { grants: [...everyRun, { privileges: ['RELOAD'], on: '*.*' }] };
    await finds('source-freeze', 'ok', /has what --freeze needs$/, locks, {}, { freeze: 'lock' });
    await finds('source-freeze', 'ok', /has what --freeze needs, and not what --freeze=revoke does$/, locks);
    await finds('source-freeze', 'problem', /lacks INSERT, UPDATE, .*SUPER, GRANT OPTION on/, locks, {}, { freeze: 'revoke' });
    await finds('source-freeze', 'ok', /has what --freeze and --freeze=revoke need$/, { grants: [{ privileges: ['ALL PRIVILEGES'], on: '*.*', grantOption: true }] });

    const [unable] = await findings('source-freeze', { grants: [{ privileges: ['ALL PRIVILEGES'], on: '*.*' }] }, {}, { freeze: 'revoke' });
    assert.equal(unable?.remedy, "GRANT USAGE ON *.* TO 'ferry'@'10.%' WITH GRANT OPTION;");
  });

  it('may end sessions by the privilege that its version has for it', async () => {
    const writes = ['RELOAD', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'CREATE VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'EXECUTE', 'EVENT', 'TRIGGER'];
    const grants = [{ privileges: writes, on: '*.*', grantOption: true as const }];
    for (const [version, privilege] of [['5.6.24-log', 'SUPER'], ['8.0.36', 'CONNECTION_ADMIN'], ['10.11.6-MariaDB-log', 'SUPER']] as const) {
      const [found] = await findings('source-freeze', { version, grants }, {}, { freeze: 'revoke' });
      assert.equal(found?.remedy, `GRANT ${privilege} ON *.* TO 'ferry'@'10.%';`);
      await finds('source-freeze', 'ok', /--freeze=revoke/, { version, grants: [...grants, { privileges: [privilege], on: '*.*' }] }, {}, { freeze: 'revoke' });
    }
    await finds('source-freeze', 'ok', /--freeze=revoke/, { version: '10.11.6-MariaDB-log', grants: [...grants, { privileges: ['CONNECTION ADMIN'], on: '*.*' }] }, {}, { freeze: 'revoke' });
  });

  it('must have room for the locks of the databases that are frozen at once', async () => {
    await finds('source-connections', 'problem', /4 dumps at once and the locks of 200 frozen databases take 208$/, { variables: { max_connections: '151' } }, {}, { freeze: 'lock' });
    await finds('source-connections', 'ok', /locks of 8 frozen databases take 16$/, { variables: { max_connections: '151' } }, {}, { freeze: 'lock', maxConcurrency: 8 });
  });

  it('must have room for the connections of the dumps', async () => {
    await finds('source-connections', 'problem', /is 100, in use 95; 4 dumps at once take 8/, { variables: { max_connections: '100' }, status: { Threads_connected: '95' } });
    await finds('source-connections', 'warning', /in use 90/, { variables: { max_connections: '100' }, status: { Threads_connected: '90' } });
    await finds('source-connections', 'problem', /40 dumps at once take 80/, { variables: { max_connections: '100' } , status: { Threads_connected: '30' } }, {}, { dumpThreads: 40 });
  });

  it('should be patient, have files to open, and a performance_schema that is not full', async () => {
    await finds('source-timeouts', 'warning', /net_write_timeout is 30 s/, { variables: { net_write_timeout: '30' } });
    await finds('source-open-files', 'warning', /open_files_limit is 1,024 .* 128 MyISAM tables each/, { variables: { open_files_limit: '1024' } });
    await finds('source-performance-schema', 'warning', /lost 1,200,000 files/, { status: { Performance_schema_file_instances_lost: '1200000' } });
    await finds('source-performance-schema', 'ok', /is off/, { variables: { performance_schema: 'OFF' }, status: { Performance_schema_file_instances_lost: '5' } });
  });

  it('may be too large to be counted', () => finds('source-contents', 'skipped', /longer than a minute/, { databases: null, tables: null }));
});

describe('the target', () => {
  it('must be MySQL 8 or later, and should be Aurora', async () => {
    await finds('target-version', 'ok', /^Aurora MySQL 3\.08\.0 \(MySQL 8\.0\.36\)$/, {});
    await finds('target-version', 'problem', /5\.7\.44/, {}, { version: '5.7.44' });
    await finds('target-version', 'problem', /MariaDB/, {}, { version: '11.4.2-MariaDB' });
    const variables = Object.fromEntries(Object.entries(target().variables).filter(([name]) => name !== 'aurora_version'));
    const [found] = await named('target-version').examine(examinationOf(source(), { ...target(), variables }));
    assert.equal(found?.severity, 'warning');
    assert.match(found.what, /not Amazon Aurora/);
  });

  it('must be the writer', async () => {
    await finds('target-writer', 'problem', /takes no writes/, {}, { variables: { innodb_read_only: 'ON' } });
    await finds('target-writer', 'problem', /takes no writes/, {}, { variables: { read_only: '1' } });
  });

  it('must give the account what an import does, and should let it set definers', async () => {
    await finds('target-privileges', 'problem', /lacks DROP, .*PROCESS on \*\.\*$/, {}, { grants: [{ privileges: ['CREATE', 'SELECT', 'SET_USER_ID'], on: '*.*' }] });
    const withoutDefiner = target().grants.slice(0, 1);
    await finds('target-privileges', 'warning', /other definers/, {}, { grants: withoutDefiner });
    await finds('target-privileges', 'ok', /has what an import needs/, {}, { grants: [...withoutDefiner, { privileges: ['SET_ANY_DEFINER', 'ALLOW_NONEXISTENT_DEFINER'], on: '*.*' }] });
  });

  it('must take more connections than the gate lets in', async () => {
    await finds('target-connections', 'problem', /max_connections is 90/, {}, { variables: { max_connections: '90' } });
    await finds('target-connections', 'warning', /is 220/, {}, { variables: { max_connections: '220' } });
    await finds('target-connections', 'problem', /in use 300; imports start under 200/, {}, { status: { Threads_connected: '300' } });
    await finds('target-connections', 'ok', /under 50/, {}, { variables: { max_connections: '90' } }, { maxConnections: 50 });
    const [found] = await findings('target-connections', {}, { variables: { max_connections: '90' }, status: { Threads_connected: '10' } });
    assert.match(found!.remedy!, /--max-connections 64\b/);
  });

  it('should not be strict where the account cannot help it', async () => {
    await finds('target-strict-mode', 'warning', /may not turn it off/, {}, { variables: { innodb_strict_mode: 'ON' } });
    await finds('target-strict-mode', 'ok', /turns it off/, {}, { variables: { innodb_strict_mode: 'ON' }, grants: [{ privileges: ['SESSION_VARIABLES_ADMIN'], on: '*.*' }] });
  });

  it('should have no binary log, and must trust the makers of functions where it has one', async () => {
    const logging = await findings('target-binlog', {}, { variables: { log_bin: 'ON' } });
    assert.deepEqual(logging.map(({ severity }) => severity), ['warning', 'problem']);
    assert.match(logging[1]!.why!, /1419/);
    await finds('target-binlog', 'warning', /binary log is on/, {}, { variables: { log_bin: 'ON', log_bin_trust_function_creators: 'ON' } });
  });

  it('should run no events, check foreign keys, encrypt, and be patient', async () => {
    await finds('target-event-scheduler', 'warning', /is on/, {}, { variables: { event_scheduler: 'ON' } });
    await finds('target-foreign-keys', 'warning', /off for everybody/, {}, { variables: { foreign_key_checks: 'OFF' } });
    await finds('target-tls', 'warning', /not encrypted/, {}, { tls: '' });
    await finds('target-tls', 'warning', /certificate of the target is not checked/, {}, { tlsMode: 'required' });
    await finds('target-timeouts', 'warning', /net_read_timeout is 10 s/, {}, { variables: { net_read_timeout: '10' } });
    await finds('target-timeouts', 'warning', /wait_timeout 60 s/, {}, { variables: { wait_timeout: '60' } });
  });

  it('may hold databases already, which are told', () => finds('target-contents', 'ok', /3 databases with 90 tables are there already/, {}, { databases: 3, tables: 90 }));
});

describe('source and target', () => {
  it('should take rows of the same size, twice over', async () => {
    await finds('packet-sizes', 'problem', /64 MiB on the source and 16 MiB on the target/, {}, { variables: { max_allowed_packet: '16777216' } });
    await finds('packet-sizes', 'warning', /64 MiB on the target/, {}, { variables: { max_allowed_packet: '67108864' } });
    await finds('packet-sizes', 'ok', /128 MiB on the target/, {}, { variables: { max_allowed_packet: '134217728' } });
  });

  it('must agree on the case of names', async () => {
    await finds('identifier-case', 'problem', /0 on the source and 1 on the target/, {}, { variables: { lower_case_table_names: '1' } });
    const [found] = await findings('identifier-case', { variables: { lower_case_table_names: '1' } });
    assert.match(found!.why!, /another case/);
  });

  it('should mean the same by character set, sql_mode, timestamp and time zone', async () => {
    await finds('character-sets', 'warning', /latin1, latin1_swedish_ci, the target to utf8mb4/, { variables: { character_set_server: 'latin1', collation_server: 'latin1_swedish_ci' } });
    await finds('sql-modes', 'warning', /the target adds STRICT_TRANS_TABLES; the target lacks ANSI_QUOTES$/, { variables: { sql_mode: 'ANSI_QUOTES' } }, { variables: { sql_mode: 'STRICT_TRANS_TABLES' } });
    await finds('timestamp-defaults', 'warning', /off on the source and on on the target/, { variables: { explicit_defaults_for_timestamp: 'OFF' } });
    await finds('time-zones', 'warning', /CEST, the target on UTC/, { variables: { system_time_zone: 'CEST' } });
    await finds('time-zones', 'ok', /both/, { variables: { time_zone: '+00:00' } });
  });

  it('should not have more tables together than Amazon advises', () =>
    finds('table-count', 'warning', /would make 1,500,090$/, { tables: 1_500_000 }, { tables: 90 }));
});
