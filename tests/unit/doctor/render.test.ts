import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import type { CheckedFinding } from '../../../cli/doctor/check.ts';
import { ok, problem, skipped, warning } from '../../../cli/doctor/finding.ts';
import { renderFindings } from '../../../cli/render/doctor.ts';
import { plainStyle, styleFor } from '../../../cli/terminal/style.ts';
import { textWidth } from '../../../cli/terminal/text.ts';

const findings: readonly CheckedFinding[] = [
  { check: 'credentials', area: 'Account', ...ok('arn:aws:iam::111122223333:user/me, account 111122223333, region eu-west-1') },
  { check: 'fargate-quota', area: 'Account', ...skipped('not asked: no permission servicequotas:GetServiceQuota') },
  { check: 'lambda-quota', area: 'Account', ...skipped('not asked: no permission servicequotas:GetServiceQuota') },
  { check: 'source-privileges', area: 'Source', ...problem('The account ferry@% lacks EVENT on *.*', 'Events are left out.', "GRANT EVENT ON *.* TO 'ferry'@'%';") },
  { check: 'sql-modes', area: 'Source and target', ...warning('sql_mode differs\u001b[31m', 'The application is hurt.', 'Decide before the cut-over.') },
];

describe('what the doctor found, on a terminal', () => {
  it('is a line for each, by area, with a reason and a remedy where something is wrong', () => {
    assert.deepEqual(renderFindings('Aurora Ferry, the stack aurora-ferry-prod', findings, { width: 100, style: plainStyle }), [
      'Aurora Ferry, the stack aurora-ferry-prod',
      '',
      'Account',
      '  ok       credentials            arn:aws:iam::111122223333:user/me, account 111122223333, region',
      '                                  eu-west-1',
      '  skipped  fargate-quota +1 more  not asked: no permission servicequotas:GetServiceQuota',
      '',
      'Source',
      '  problem  privileges             The account ferry@% lacks EVENT on *.*',
      '                                  Why: Events are left out.',
      "                                  Do:  GRANT EVENT ON *.* TO 'ferry'@'%';",
      '',
      'Source and target',
      '  warning  sql-modes              sql_mode differs\\x1b[31m',
      '                                  Why: The application is hurt.',
      '                                  Do:  Decide before the cut-over.',
      '',
      '1 problem, 1 warning, 1 ok, 2 skipped',
    ]);
  });

  it('keeps to the width, and puts the text below the name where it is narrow', () => {
    for (const width of [40, 60, 72, 80, 120]) {
      const widest = Math.max(...renderFindings('Aurora Ferry, the stack aurora-ferry-prod', findings, { width, style: plainStyle }).map(textWidth));
      assert.ok(widest < width, `${widest} columns at a width of ${width}`);
    }
    const narrow = renderFindings('Aurora Ferry', findings, { width: 50, style: plainStyle });
    assert.ok(narrow.includes('  problem  privileges'));
    assert.ok(narrow.includes('    Why: Events are left out.'));
  });

  it('is coloured for a terminal only, and then says the same', () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    const coloured = renderFindings('Aurora Ferry', findings, { width: 100, style: styleFor(terminal, {}) }).join('\n');
    // eslint-disable-next-line no-control-regex -- SGR sequences
    assert.equal(coloured.replaceAll(/\u001b\[[0-9;]*m/g, ''), renderFindings('Aurora Ferry', findings, { width: 100, style: plainStyle }).join('\n'));
    assert.ok(coloured.includes('\u001b[31m'));
    assert.ok(!renderFindings('Aurora Ferry', findings, { width: 100, style: styleFor(terminal, { NO_COLOR: '1' }) }).join('').includes('\u001b'));
  });
});
