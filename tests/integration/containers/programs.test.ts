import { after, before, describe, test } from 'node:test';
import { Bench } from './bench.ts';
import { checkCase, checkPrograms } from './programs.ts';

let bench: Bench;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  bench = await Bench.start(started);
});

describe('stored programs', () => {
  test('of clients of many character sets keep their names, comments and bytes', async () => {
    await checkPrograms(bench, 'programs');
  });

  test('of databases whose names differ by case are those of each', async () => {
    await checkCase(bench);
  });
});
