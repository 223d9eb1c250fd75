/** What the Dockerfiles must agree on with the rest; `npm run images` builds and runs them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { containerNames } from '../../../containers/build.ts';
import { baseImageName } from '../../../scripts/images/base-image.ts';

const project = join(import.meta.dirname, '../../..');
const dockerfileOf = (name: string): string => join(project, 'containers', name, 'Dockerfile');

describe('the Dockerfiles', () => {
  test('name one base image, with the Node.js that the project is developed and tested with', async () => {
    const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { dependencies: { node: string } };
    assert.match(await baseImageName(containerNames.map(dockerfileOf)), new RegExp(`/node:${dependencies.node.replaceAll('.', '\\.')}-[a-z]+-slim$`));
  });

  for (const name of containerNames) {
    test(`${name}: lets only what the bundle is made of into the build`, () => {
      const lines = readFileSync(`${dockerfileOf(name)}.dockerignore`, 'utf8').trim().split('\n');
      assert.deepEqual(lines, ['*', '!package.json', '!package-lock.json', '!core', '!containers']);
    });
  }
});
