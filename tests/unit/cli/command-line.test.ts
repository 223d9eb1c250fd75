import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import type { Command } from '../../../cli/command-line.ts';
import { nearest, parseWords, readOptions, wholeNumber } from '../../../cli/command-line.ts';
import { commands } from '../../../cli/commands/index.ts';
import { defaultRunName, readRunSettings } from '../../../cli/commands/start.ts';
import { renderCommandHelp, renderExitCodes, renderOverview } from '../../../cli/help.ts';
import { plainStyle } from '../../../cli/terminal/style.ts';
import { textWidth } from '../../../cli/terminal/text.ts';
import { errorKinds, FerryError } from '../../../core/errors.ts';

const command: Command = {
  name: 'start',
  summary: '',
  positionals: '[DATABASE...]',
  description: [],
  options: { migration: { value: 'NAME', help: '' }, replace: { value: 'DATABASE', multiple: true, help: '' }, watch: { help: '' } },
  examples: [],
  run: () => Promise.resolve(0),
};

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof FerryError);
    assert.equal(error.name, 'InvalidInput');
    return error.message;
  }
  throw new Error('was not refused');
}

describe('the command line', () => {
  it('reads options, repeated ones, and names that begin with a hyphen after --', () => {
    const { values, positionals } = parseWords(command, ['--migration', 'm', '--replace', 'a', '--replace=b', 'x', '--', '-dash', '--wach']);
    assert.deepEqual({ ...values }, { migration: 'm', replace: ['a', 'b'] });
    assert.deepEqual(positionals, ['x', '-dash', '--wach']);
  });

  it('refuses an option that the command does not have, with a suggestion', () => {
    assert.equal(refusal(() => parseWords(command, ['--migratoin', 'm'])), 'ferry start has no option --migratoin. Did you mean --migration?');
    assert.equal(refusal(() => parseWords(command, ['--zzz'])), 'ferry start has no option --zzz.');
    assert.match(refusal(() => parseWords(command, ['--migration'])), /--migration <value>' argument missing/);
  });

  it('refuses an argument for a command that takes none', () => {
    assert.equal(refusal(() => parseWords({ ...command, positionals: '' }, ['x'])), 'ferry start takes no argument, but got "x".');
  });

  it('names every option that is wrong', () => {
    const schema = z.object({ 'dump-threads': wholeNumber(1, 1000), 'max-attempts': wholeNumber(1, 10) });
    assert.equal(
      refusal(() => readOptions(schema, { 'dump-threads': '0', 'max-attempts': 'three' })),
      '--dump-threads must be a whole number from 1 to 1000; --max-attempts must be a whole number from 1 to 10.',
    );
  });

  it('suggests what is near and nothing else', () => {
    assert.equal(nearest('statsu', ['start', 'status', 'stop']), 'status');
    assert.equal(nearest('mig', ['migrate', 'local']), 'migrate');
    assert.equal(nearest('frobnicate', ['start', 'status']), undefined);
  });
});

describe('the help', () => {
  it('names every command and every option, within the width', () => {
    for (const each of commands) {
      const lines = renderCommandHelp(each, { width: 80, style: plainStyle });
      for (const option of Object.keys(each.options)) assert.ok(lines.some((line) => line.includes(`--${option}`)), `${each.name} --${option}`);
      const long = lines.filter((line) => textWidth(line) > 80 && !line.startsWith('  ferry '));
      assert.deepEqual(long, []);
    }
    const overview = renderOverview(commands, { width: 80, style: plainStyle }).join('\n');
    for (const { name } of commands) assert.match(overview, new RegExp(`^ {2}${name} `, 'm'));
  });

  it('lists the exit code of every error', () => {
    const text = renderExitCodes({ width: 100, style: plainStyle }).join('\n');
    for (const [name, { exitCode }] of Object.entries(errorKinds)) assert.match(text, new RegExp(`^ *${exitCode} {2}${name} `, 'm'));
  });
});

describe('the settings of a run', () => {
  it('passes on only what was given', () => {
    assert.deepEqual(readRunSettings({ 'dump-threads': 8, replace: [], 'no-convert': [], allow: [], 'second-wave': false }, ['a']), { dumpThreads: 8 });
    assert.deepEqual(readRunSettings({ replace: ['a'], 'no-convert': [], allow: [], 'second-wave': false }, ['a', 'b']), { replace: ['a'] });
    const conversion = readRunSettings({ replace: [], 'no-convert': ['row-format'], definer: 'admin@%', allow: ['row-too-large'], 'second-wave': false }, ['a']);
    assert.deepEqual(conversion, { noConvert: ['row-format'], definer: 'admin@%', allow: ['row-too-large'] });
  });

  it('refuses to replace what is not in the list', () => {
    assert.equal(refusal(() => readRunSettings({ replace: ['c'], 'no-convert': [], allow: [], 'second-wave': false }, ['a'])), '--replace names what is not in the list of databases: `c`.');
  });

  it('refuses to set aside what is no check that blocks', () => {
    assert.match(refusal(() => readRunSettings({ replace: [], 'no-convert': [], allow: ['no-such-check', 'float-column'], 'second-wave': false }, ['a'])), /^No check that blocks a database is named "no-such-check", "float-column"\. There are: .*merge-engine/);
  });

  it('names a run by migration and time, within the 80 characters of Step Functions', () => {
    const now = new Date('2026-11-22T07:22:12.345Z');
    assert.equal(defaultRunName('spring', now), 'spring-20261122-072212');
    assert.ok(defaultRunName('m'.repeat(48), now).length <= 80);
  });
});
