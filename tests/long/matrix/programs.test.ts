/** Stored programs of clients of many character sets, from every version of a source to every version of a target. */
import { describe, test } from 'node:test';
import { targetNames, versionNames } from '../../../local/mysql/versions.ts';
import { Bench } from '../../integration/containers/bench.ts';
import { checkCase, checkPrograms } from '../../integration/containers/programs.ts';


describe('stored programs keep their names, comments and bytes', () => {
  for (const target of targetNames) {
    for (const source of versionNames) {
      test(`from ${source} to ${target}`, async () => {
        await using servers = new AsyncDisposableStack();
        const bench = await Bench.start(servers, { source, target });
        await checkPrograms(bench, 'programs');
        await checkCase(bench);
      });
    }
  }
});
