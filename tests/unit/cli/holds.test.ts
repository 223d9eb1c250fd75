/** Held branches, as a struct, on the screen and in a log. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeProgress } from '../../../cli/progress.ts';
import { renderPlainLine } from '../../../cli/render/plain-line.ts';
import { renderProgress } from '../../../cli/render/progress.ts';
import { plainStyle } from '../../../cli/terminal/style.ts';
import { before, now, row, snapshot } from './progress-fixtures.ts';

const away = { error: 'TargetUnreachable', errorMessage: 'The target does not answer: \u001b[31mno.', errorStage: 'import', heldFor: 'target' } as const;
const seen = snapshot([
  row('crm', 'RETRYING', 30, { ...away, heldSince: before(90).toISOString() }),
  row('blog', 'RETRYING', 80, { ...away, errorMessage: 'Later.', heldSince: before(80).toISOString() }),
  row('files', 'RETRYING', 10, { error: 'StorageFailed', errorMessage: 'Slow down', heldFor: 'storage', heldSince: before(10).toISOString() }),
  row('shop', 'RETRYING', 5, { error: 'DumpFailed', errorMessage: 'No.', errorStage: 'dump' }),
  // The hold of an earlier branch says nothing of one that is given up.
  row('gone', 'DEAD_LETTERED', 5, { ...away, heldSince: before(90).toISOString() }),
]);

describe('held branches', () => {
  const progress = computeProgress(seen, now);

  it('are grouped by what they wait for, and are no retries', () => {
    const [target, storage, ...more] = progress.held;
    assert.deepEqual([target?.need, target?.databases, target?.since, target?.seconds], ['target', ['blog', 'crm'], before(90).toISOString(), 90]);
    assert.equal(target?.message, away.errorMessage, 'what the branch says that has waited longest');
    assert.deepEqual([storage?.need, storage?.databases, more], ['storage', ['files'], []]);
    assert.deepEqual(progress.retrying.flatMap(({ failures }) => failures.map(({ database }) => database)), ['shop']);
  });

  it('are on the screen with what they wait for, since when, why, and what to do', () => {
    const lines = renderProgress(progress, { width: 100, style: plainStyle, inProgress: 5, failuresShown: 2 });
    const from = lines.indexOf('Held  3');
    assert.ok(from > 0, lines.join('\n'));
    assert.equal(lines[from + 1], '  waiting for the target since 10:28:30 UTC (01:30): 2 databases');
    assert.match(lines.join(' ').replaceAll(/\s+/g, ' '), /TargetUnreachable: The target does not answer: .* blog, crm Remedy: Bring the target back, or write its new password/);
    assert.match(lines.join(' ').replaceAll(/\s+/g, ' '), /No try is spent and nothing done is repeated/);
    assert.ok(!lines.join('').includes('\u001b'));
  });

  it('are in a log beside those that are tried again', () => {
    const line = renderPlainLine(progress);
    assert.match(line, /1 retrying, 1 dead-lettered, 2 held for the target since 10:28:30Z \(TargetUnreachable\), 1 held for the storage \(S3\) since/);
  });
});
