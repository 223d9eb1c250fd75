/** Runs a program that writes events, and reads its output as CloudWatch does. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { dataOf, parseLines, type Line } from './support/embedded-metrics.ts';
import { checkLine } from './support/vocabulary.ts';

const root = join(import.meta.dirname, '../../..');
const urlOf = (path: string): string => pathToFileURL(join(root, path)).href;

/** @param program statements in which `log` is a log of a branch */
function write(program: string, environment: Record<string, string> = {}): Line[] {
  const source = `
    import { EventLog } from '${urlOf('core/event-log.ts')}';
    const branch = { migration: 'spring', database: 'crm', attempt: 2, stage: 'dump', executionArn: 'arn:branch' };
    const log = EventLog.of('aurora-ferry-test').with(branch);
    ${program}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return parseLines(stdout + stderr);
}

describe('the event log', () => {
  it('writes one line of JSON for an event, with the fields of its log and its own', () => {
    const [line, ...more] = write(`log.write('StageSucceeded', 'Done.', { seconds: 1.5, rows: 7 });`);
    assert.equal(more.length, 0);
    checkLine(line!, 'aurora-ferry-test');
    const { level, message, event, migration, database, attempt, stage, executionArn, seconds, rows } = line!;
    assert.deepEqual(
      { level, message, event, migration, database, attempt, stage, executionArn, seconds, rows },
      { level: 'INFO', message: 'Done.', event: 'StageSucceeded', migration: 'spring', database: 'crm', attempt: 2, stage: 'dump', executionArn: 'arn:branch', seconds: 1.5, rows: 7 },
    );
    assert.deepEqual(dataOf(line!), []);
  });

  it('puts metrics into the same line, under the stack alone', () => {
    const [line] = write(`log.write('StageSucceeded', 'Done.', { seconds: 1.5 }, { DumpSeconds: 1.25, DumpedRows: 0 });`);
    assert.deepEqual(checkLine(line!, 'aurora-ferry-test'), [
      { namespace: 'AuroraFerry', name: 'DumpSeconds', unit: 'Seconds', value: 1.25, dimensions: { service: 'aurora-ferry-test' } },
      { namespace: 'AuroraFerry', name: 'DumpedRows', unit: 'Count', value: 0, dimensions: { service: 'aurora-ferry-test' } },
    ]);
  });

  it('counts failures under the stack alone, and by error; never by database', () => {
    const [line] = write(`log.write('FailureClassified', 'No.', { error: 'DumpFailed', outcome: 'RETRY', tries: 1, delaySeconds: 3 }, { StageFailures: 1 });`);
    assert.deepEqual(checkLine(line!, 'aurora-ferry-test').map(({ dimensions }) => dimensions), [
      { service: 'aurora-ferry-test' },
      { service: 'aurora-ferry-test', error: 'DumpFailed' },
    ]);
  });

  it('keeps a line short enough for a container runtime, and whole, whatever a message says', () => {
    const program = String.raw`const long = 'line\nline "quoted" \u0000 ☃ '.repeat(2000);
      log.write('StageFailed', long, { error: 'InternalError', exitCode: 1, stack: long, reason: long });`;
    const [line, ...more] = write(program);
    assert.equal(more.length, 0);
    assert.ok(String(line!['message']).length <= 2_000);
    assert.match(String(line!['message']), /…$/);
  });

  it('keeps logs of one process apart', () => {
    const lines = write(`
      const other = log.with({ database: 'shop' });
      log.write('StageStarted', 'a', {});
      other.write('StageStarted', 'b', {});
      log.write('StageStarted', 'c', {});`);
    assert.deepEqual(lines.map(({ message, database }) => [message, database]), [['a', 'crm'], ['b', 'shop'], ['c', 'crm']]);
  });

  it('writes where its caller wants it, warnings too, and then not to the output of the process', () => {
    const lines = write(`
      const kept = [];
      const elsewhere = EventLog.of('aurora-ferry-test', (line) => kept.push(line)).with(branch);
      elsewhere.write('StageStarted', 'kept', {});
      elsewhere.write('StageWarning', 'kept too', {});
      elsewhere.write('StageSucceeded', 'measured', { seconds: 1 }, { DumpSeconds: 1 });
      for (const line of kept) console.log(line);`, { POWERTOOLS_LOG_LEVEL: 'unknown' });
    const own = lines.filter(({ event }) => event !== undefined);
    for (const line of own) checkLine(line, 'aurora-ferry-test');
    assert.deepEqual(own.map(({ level, message }) => [level, message]), [['INFO', 'kept'], ['WARN', 'kept too'], ['INFO', 'measured']]);
  });

  it('says less at a higher level, and keeps what is written at that level whole', () => {
    const program = `log.write('StageStarted', 'a', {}); log.write('StageWarning', 'b', {});`;
    assert.deepEqual(write(program, { POWERTOOLS_LOG_LEVEL: 'WARN' }).map(({ message }) => message), ['b']);
  });
});
