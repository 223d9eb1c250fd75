/** The documents against the code: error names and exit codes, flags, links, paths, environment variables. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { errorKinds } from '../../../core/errors.ts';
import { events, fields, metrics } from '../../../core/events.ts';

const root = join(import.meta.dirname, '../../..');
const documents = ['README.md', ...globSync('docs/*.md', { cwd: root })].filter((file) => existsSync(join(root, file)));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('docs/troubleshooting.md', () => {
  const rows = new Map(
    Array.from(textOf('docs/troubleshooting.md').matchAll(/^\| `(\w+)` \| (\d+) \|(?: (yes|no|once|-) \|)?/gm), (match): [string, { exitCode: number; retried: string | undefined }] => [
      match[1] ?? '',
      { exitCode: Number(match[2]), retried: match[3] },
    ]),
  );

  test('has a row for every failure that a user can meet, with its exit code', () => {
    const documented = [...rows].map(([name, { exitCode }]) => `${name} ${exitCode}`).sort();
    const real = Object.entries(errorKinds).map(([name, { exitCode }]) => `${name} ${exitCode}`).sort();
    assert.deepEqual(documented, real);
  });

  test('says rightly which failures the workflow tries again', () => {
    for (const [name, { retried }] of rows) {
      if (retried === undefined || retried === '-') continue;
      const { retryable } = errorKinds[name as keyof typeof errorKinds];
      assert.equal(retried !== 'no', retryable, `${name} is documented as retried: ${retried}`);
    }
  });
});

describe('docs/observability.md', () => {
  const rowsOf = (heading: string): string[][] => {
    const section = textOf('docs/observability.md').split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
    const rows = Array.from(section.matchAll(/^\| (`.+) \|$/gm), ([, row = '']) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    assert.ok(rows.length > 0, heading);
    return rows;
  };

  test('lists the events that are written, with their levels and fields', () => {
    assert.deepEqual(rowsOf('Events'), Object.entries(events).map(([name, { level, about, fields: always }]) => [name, level, about, always.join(', ')]));
  });

  test('lists the fields', () => {
    assert.deepEqual(rowsOf('Fields'), Object.entries(fields).map(([name, { about }]) => [name, about.replaceAll('`', '')]));
  });

  test('lists the metrics, with their units and dimensions', () => {
    assert.deepEqual(rowsOf('Metrics'), Object.entries(metrics).map(([name, { unit, about, by }]) => [name, unit, by ?? '', about]));
  });

  test('names an event for every one that is written, and no event is left that nobody writes', () => {
    const code = codeOf((file) => /^(functions|containers)\//.test(file));
    const written = new Set(Array.from(code.matchAll(/\.write\(\s*'(\w+)'/g), ([, name]) => name));
    assert.deepEqual([...written].sort(), Object.keys(events).sort());
    assert.deepEqual(Object.keys(metrics).filter((name) => !new RegExp(`\\b${name}\\b`).test(code)), []);
    assert.doesNotMatch(code, /console\.(log|error|warn|info)\(/);
  });
});

test('exit codes are unique, so that a code names its error', () => {
  const codes = Object.values(errorKinds).map(({ exitCode }) => exitCode);
  assert.equal(new Set(codes).size, codes.length);
});

describe('every document', () => {
  for (const file of documents) {
    test(`${file}: relative links lead somewhere`, () => {
      const targets = Array.from(textOf(file).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g), (match) => match[1] ?? '');
      const broken = targets.filter((target) => !existsSync(join(root, dirname(file), target)));
      assert.deepEqual(broken, []);
    });

    test(`${file}: names only paths that exist`, () => {
      const paths = Array.from(
        textOf(file).matchAll(/`((?:core|functions|containers|statemachines|resources|cli|local|bench|tests|docs|scripts)\/[\w./-]*)`/g),
        (match) => match[1] ?? '',
      );
      assert.deepEqual(paths.filter((path) => !existsSync(join(root, path))), []);
    });

    test(`${file}: names only npm scripts that exist`, () => {
      const scripts = Object.keys((JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts);
      const named = Array.from(textOf(file).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g), (match) => match[1] ?? '');
      assert.deepEqual(named.filter((name) => !scripts.includes(name)), []);
    });
  }
});

function codeOf(isWanted: (file: string) => boolean): string {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.js', '*.yml'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => isWanted(file) && existsSync(join(root, file)))
    .map(textOf)
    .join('\n');
}

/** Without the commands of other programs, whose flags are not Ferry's: from `aws …` and the like to the end of the (continued) line. */
function ownCommands(text: string): string {
  const others = /(^|[\s;({|`])(?:aws|docker|shred|git|buildah) [a-z].*$/;
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(others, '$1'))
    .join('\n');
}

test('flags in the documents are known to the code', () => {
  const code = codeOf((file) => !file.startsWith('tests/'));
  const strange: string[] = [];
  for (const file of documents) {
    for (const [, flag = ''] of ownCommands(textOf(file)).matchAll(/(?:^|[\s`([])--([a-z][a-z-]+)/gm)) {
      if (!code.includes(flag)) strange.push(`${file}: --${flag}`);
    }
  }
  assert.deepEqual(strange, []);
});

test('environment variables in the documents are read by the code, or by a test', () => {
  const code = codeOf((file) => !file.startsWith('tests/unit/docs/'));
  const strange: string[] = [];
  for (const file of documents) {
    for (const [name] of textOf(file).matchAll(/\b(?:FERRY|AURORA_FERRY)_[A-Z_]+\b/g)) {
      if (!code.includes(name)) strange.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(strange, []);
});

describe('docs/deploy.md', () => {
  const text = textOf('docs/deploy.md');
  const keys = (file: string, section: string): string[] => Array.from((textOf(file).split(new RegExp(`^${section}:$`, 'm'))[1] ?? '').split(/^\w+:$/m)[0]?.matchAll(/^ {2}(\w+):/gm) ?? [], ([, key = '']) => key);

  test('names only parameters that the stack has, and all that have no default', () => {
    const parameters = keys('resources/parameters.yml', 'Parameters');
    const named = new Set(Array.from(text.matchAll(/--param (\w+)=/g), ([, name = '']) => name.charAt(0).toUpperCase() + name.slice(1)));
    assert.ok(parameters.length > 5 && named.size > 5);
    assert.deepEqual([...named].filter((name) => !parameters.includes(name)), []);
    const needed = Array.from(textOf('resources/examples.yml').matchAll(/^(\w+):/gm), ([, name = '']) => name.charAt(0).toUpperCase() + name.slice(1));
    assert.deepEqual(needed.filter((name) => !named.has(name)), []);
  });

  test('names only outputs that the stack has', () => {
    const outputs = keys('resources/outputs.yml', 'Outputs');
    const named = [...new Set(Array.from(text.matchAll(/\boutput ([A-Z]\w+)/g), ([, name = '']) => name))];
    assert.ok(named.length > 5);
    assert.deepEqual(named.filter((name) => !outputs.includes(name)), []);
  });

  test('has shell commands that a shell can read', () => {
    const blocks = Array.from(text.matchAll(/^( *)```\n([\s\S]*?)^ *```$/gm), ([, , block = '']) => block);
    assert.ok(blocks.length > 8);
    for (const block of blocks) execFileSync('sh', ['-n'], { input: block });
  });
});
