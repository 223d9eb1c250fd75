/** The comparison with recorded executions goes on after a case that never ends, and says so. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const main = join(import.meta.dirname, '../../conformance/main.ts');

/** A Pass state's execution as it is recorded. */
const ends = {
  id: 'ends', input: '{}', aws: [],
  definition: JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } }),
  history: [
    { id: 1, previousEventId: 0, type: 'ExecutionStarted', executionStartedEventDetails: { input: {}, inputDetails: { truncated: false }, roleArn: 'snf_role_arn' } },
    { id: 2, previousEventId: 0, type: 'PassStateEntered', stateEnteredEventDetails: { name: 'Only', input: {}, inputDetails: { truncated: false } } },
    { id: 3, previousEventId: 2, type: 'PassStateExited', stateExitedEventDetails: { name: 'Only', output: {}, outputDetails: { truncated: false } } },
    { id: 4, previousEventId: 3, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: {}, outputDetails: { truncated: false } } },
  ],
};
/** Its Task's end is not in the recording, so that it waits for ever. */
const hangs = {
  ...ends, id: 'hangs',
  definition: JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true } } }),
  history: [
    ends.history[0],
    { id: 2, previousEventId: 0, type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Only', input: {}, inputDetails: { truncated: false } } },
    { id: 3, previousEventId: 2, type: 'TaskScheduled', taskScheduledEventDetails: { resource: 'invoke' } },
    { id: 4, previousEventId: 3, type: 'ExecutionSucceeded' },
  ],
};
/** A pattern that a regular expression of JavaScript needs ages for: the thread spins, and no timer of its own would fire. */
const spins = {
  id: 'spins', output: {}, input: JSON.stringify({ list: [{ a: `${'a'.repeat(40)}!` }] }),
  definition: JSON.stringify({
    StartAt: 'Only',
    States: { Only: { Type: 'Pass', Parameters: { 'found.$': '$.list[?(@.a =~ /(a+)+b/)]' }, End: true } },
  }),
};
const plain = {
  id: 'plain', input: '{}', output: {}, definition: ends.definition,
};

test('a case that hangs or spins is cut, named, and fails the comparison; the others are judged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const lines = (cases: readonly object[]): string => cases.map((each) => `${JSON.stringify(each)}\n`).join('');
    await writeFile(join(folder, 'choice.jsonl'), lines([spins, plain]));
    await writeFile(join(folder, 'intrinsic.jsonl'), '');
    await writeFile(join(folder, 'executions.jsonl'), lines([ends, hangs, { ...ends, id: 'ends too' }]));
    const { code, output } = await compare(folder);
    assert.match(output, /^choice: 1 of 2 cases as AWS answered, 0 not, 0 unsupported, 1 cut after 2 s\n {2}CUT spins: it had not ended after 2 s$/m);
    assert.match(output, /^executions: 2 of 3 cases as AWS answered, 0 not, 0 unsupported, 1 cut after 2 s\n {2}CUT hangs: /m);
    assert.equal(code, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function compare(folder: string): Promise<{ code: number | string | null | undefined; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, '--seconds', '2'], { env: { ...process.env, ASL_CONFORMANCE: folder } }, (_, output) => {
      resolve({ code: child.exitCode, output });
    });
  });
}
