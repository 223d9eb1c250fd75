import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { computeProgress } from '../../../cli/progress.ts';
import { deadLetterIds, renderNewDeadLetters, renderPlainLine } from '../../../cli/render/plain-line.ts';
import { renderProgress, shareOut } from '../../../cli/render/progress.ts';
import { renderRedrivePlan } from '../../../cli/render/redrive-plan.ts';
import { plainStyle, styleFor } from '../../../cli/terminal/style.ts';
import { textWidth } from '../../../cli/terminal/text.ts';
import { before, now, row, run, snapshot, verifiedEachSecond } from './progress-fixtures.ts';

const layout = { width: 100, style: plainStyle, inProgress: 5, failuresShown: 3 };
const busy = snapshot(
  [
    ...verifiedEachSecond(31),
    row('数据库', 'IMPORTING', 41, { attempt: 2 }),
    row('crm', 'DUMPING', 4),
    row('shop', 'DEAD_LETTERED', 9, { error: 'TargetDatabaseExists', errorMessage: 'The target has a database `shop`.', errorStage: 'import' }),
  ],
  { unfinishedInPass: 60 },
);

describe('progress on a terminal', () => {
  it('shows counts, clock, estimate against the window, what is worked on, and failures with remedies', () => {
    const text = renderProgress(computeProgress(busy, now, 3600), layout).join('\n');
    assert.match(text, /^spring {2}spring-1 +RUNNING$/m);
    assert.match(text, /31 of 34 verified {2}91%$/m);
    assert.match(text, /^ {2}IMPORTING +1 +rate +60 databases\/min, 1\.0 MB\/s of SQL$/m);
    assert.match(text, /elapsed +02:00$/m);
    assert.match(text, /estimate +about 1 min left$/m);
    assert.match(text, /window +58:00 left of 1 h, fits with 57 min to spare$/m);
    assert.match(text, /^ {2}数据库 +importing +00:41 {2}attempt 2$/m);
    assert.match(text, /TargetDatabaseExists {2}1 database$/m);
    assert.match(text, /Remedy: Move or drop the target's database/);
  });

  it('says that something is unknown instead of showing a zero', () => {
    const text = renderProgress(computeProgress(snapshot([row('a', 'PENDING', 9)]), now, 3600), layout).join('\n');
    assert.match(text, /estimate +measuring$/m);
    assert.match(text, /rate +measuring$/m);
    assert.match(text, /window +58:00 left of 1 h$/m);
  });

  it('keeps to the width of the terminal, from 40 columns on', () => {
    for (const width of [40, 60, 76, 80, 100, 200]) {
      const lines = renderProgress(computeProgress(busy, now, 3600), { ...layout, width });
      const widest = Math.max(...lines.map(textWidth));
      assert.ok(widest < width, `${widest} columns at a width of ${width}`);
    }
  });

  it('aligns the columns below each other whatever the script of the names', () => {
    const lines = renderProgress(computeProgress(busy, now), layout).filter((line) => /(importing|dumping) /.test(line));
    const columns = lines.map((line) => textWidth(line.slice(0, line.search(/importing|dumping/))));
    assert.equal(lines.length, 2);
    assert.equal(columns[0], columns[1]);
  });

  it('colours only for a terminal, and not against NO_COLOR', () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const pipe = new PassThrough();
    assert.equal(styleFor(terminal, { TERM: 'xterm' }).coloured, true);
    assert.equal(styleFor(terminal, { NO_COLOR: '1' }).coloured, false);
    assert.equal(styleFor(terminal, { TERM: 'dumb' }).coloured, false);
    assert.equal(styleFor(pipe, {}).coloured, false);
  });
});

describe('the bar', () => {
  it('shares out all its cells, and gives one to everything that is there', () => {
    assert.deepEqual(shareOut([1, 49_999, 0], 50), [1, 49, 0]);
    assert.deepEqual(shareOut([0, 0], 50), [0, 0]);
    const amounts = fc.array(fc.nat({ max: 100_000 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 10, max: 200 }), (given, cells) => {
        const sizes = shareOut(given, cells);
        assert.equal(sizes.reduce((sum, size) => sum + size, 0), given.some((amount) => amount > 0) ? cells : 0);
        given.forEach((amount, index) => {
          assert.equal((sizes[index] ?? 0) > 0, amount > 0);
        });
      }),
    );
  });
});

describe('progress in a log', () => {
  it('is one line with the counts that are not zero', () => {
    assert.equal(
      renderPlainLine(computeProgress(busy, now)),
      '2026-11-22T10:30:00Z RUNNING 31/34 verified, 1 dumping, 1 importing, 1 dead-lettered; 60.0/min, 1.0 MB/s; about 1 min left',
    );
  });

  it('tells of a dead letter once, and not of those from before the redrive', () => {
    const progress = computeProgress(busy, now);
    assert.deepEqual(renderNewDeadLetters(progress, new Set()), [
      '2026-11-22T10:29:51Z DEAD_LETTERED shop TargetDatabaseExists: The target has a database `shop`.',
    ]);
    assert.deepEqual(renderNewDeadLetters(progress, deadLetterIds(progress)), []);
    const redriven = computeProgress({ ...busy, run: run({ redrives: 1, redrivenAt: before(5) }) }, now);
    assert.deepEqual(renderNewDeadLetters(redriven, new Set()), []);
  });
});

describe('the plan of a redrive', () => {
  it('says how many databases continue, from which stage, and why they stopped', () => {
    const lines = renderRedrivePlan(
      {
        run: 'spring-1',
        status: 'FAILED',
        verified: 198,
        stages: [
          { stage: 'dump', databases: [{ database: 'crm', error: 'DumpFailed' }] },
          { stage: 'import', databases: [{ database: 'shop', error: 'TargetDatabaseExists' }] },
          { stage: 'verify', databases: [] },
        ],
      },
      layout,
    );
    assert.equal(lines.slice(0, -2).join(' '), 'Redriving run spring-1 (FAILED): 2 databases will continue. What is verified stays as it is (198 databases).');
    assert.deepEqual(lines.slice(-2), ['  1 from the dump    crm (DumpFailed)', '  1 from the import  shop (TargetDatabaseExists)']);
  });
});
