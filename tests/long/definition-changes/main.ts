/** `npm run definition-changes -- --trials 300 --seed 1`: trials over all sources, and what came of them. */
import { parseArgs } from 'node:util';
import { versionNames } from '../../../local/mysql/versions.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { summarize } from './summary.ts';
import { Trials } from './trial.ts';
import type { Trial } from './trial.ts';

const { values } = parseArgs({ options: { trials: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' }, version: { type: 'string', multiple: true } } });
const versions = values.version === undefined ? versionNames : versionNames.filter((name) => values.version?.includes(name));
const made: Trial[] = [];
for (const [index, version] of versions.entries()) made.push(...(await trialsOf(version, index)));
process.stdout.write(summarize(made));
if (made.some(({ isOneMoment }) => isOneMoment === false)) process.exitCode = 1;

async function trialsOf(version: VersionName, index: number): Promise<Trial[]> {
  const started = new AsyncDisposableStack();
  try {
    const trials = await Trials.open(started, version);
    const found: Trial[] = [];
    for (let n = index; n < Number(values.trials); n += versions.length) {
      const trial = await trials.run(Number(values.seed) + n);
      found.push(trial);
      const { seed, mixture, outcome, failures, changes, longestWait, isOneMoment } = trial;
      process.stderr.write(`${version} seed ${seed} ${mixture}: ${[...failures, outcome].join(', ')}${isOneMoment === false ? ', NOT ONE MOMENT' : ''}; ${changes.join(', ')}; longest wait ${Math.round(longestWait)} ms ${outcome === 'VERIFIED' ? '' : trial.message}\n`);
    }
    return found;
  } finally {
    await started.disposeAsync();
  }
}
