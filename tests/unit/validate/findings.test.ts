import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Finding, judge } from '../../../scripts/validate/findings.ts';
import { cfnGuardWaivers, cfnLintWaivers } from '../../../scripts/validate/waivers.ts';

const finding = (rule: string, resource: string): Finding => ({ rule, resource, template: 'a template', message: 'a message' });

describe('what validators find', () => {
  const waiver = { rule: 'W1', resources: /^Deployment/, reason: 'because' };

  it('is accepted where a waiver names its rule and its resource, and nowhere else', () => {
    const findings = [finding('W1', 'DeploymentBucket'), finding('W1', 'Bucket'), finding('E2', 'DeploymentBucket')];
    const { open, waived, idle } = judge(findings, [waiver]);
    assert.deepEqual(open, findings.slice(1));
    assert.deepEqual(waived, [{ waiver, findings: findings.slice(0, 1) }]);
    assert.deepEqual(idle, []);
  });

  it('leaves no waiver without something to accept unnoticed', () => {
    assert.deepEqual(judge([finding('W1', 'Bucket')], [waiver]).idle, [waiver]);
  });

  it('is accepted only with a reason, and never for every resource', () => {
    for (const { rule, resources, reason } of [...cfnLintWaivers, ...cfnGuardWaivers]) {
      assert.ok(reason.length >= 15, rule);
      assert.equal(resources.test('AnyOther'), false, rule);
    }
  });
});

it('`npm run validate` says which validator did not run on a machine that lacks what it needs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-programs-'));
  try {
    const script = `
      import { installCfnLint, installNpmPrograms } from ${JSON.stringify(join(import.meta.dirname, '../../../scripts/validate/programs.ts'))};
      for (const install of [installCfnLint, installNpmPrograms]) await install(${JSON.stringify(directory)}).catch(({ name, message }) => console.log(name + ': ' + message));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env: { PATH: directory } });
    assert.equal(stdout, 'Unavailable: there is no python3 on PATH\nUnavailable: spawn npm ENOENT\n');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
