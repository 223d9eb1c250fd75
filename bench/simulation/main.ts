/** `npm run simulate -- --databases 50000 --dump-threads 16 …`: a whole run on AWS, simulated; `--help` lists every setting. */
import { FerryError } from '../../core/errors.ts';
import { readSettings } from './arguments.ts';
import { describeSettings, describeSimulated } from './describe.ts';
import { simulate } from './simulate.ts';

try {
  const given = readSettings('simulate');
  if (given === 'help') console.log(describeSettings('simulate'));
  else {
    const simulated = simulate(given.settings);
    console.log(given.json ? JSON.stringify(simulated, null, 2) : describeSimulated(simulated));
  }
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}
