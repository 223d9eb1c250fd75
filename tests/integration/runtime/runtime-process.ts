/** A local runtime in a process of its own, for tests that kill it: options come on standard input, as JSON. */
import { text } from 'node:stream/consumers';
import { startRuntime, type RuntimeOptions } from '../../../local/runtime.ts';
import { hurriedClock } from './fleet.ts';

const options = JSON.parse(await text(process.stdin)) as RuntimeOptions;
const runtime = await startRuntime({
  ...options,
  clock: hurriedClock,
  log: (message) => {
    console.error(message);
  },
});
process.once('SIGTERM', () => void runtime.stop());
console.log(JSON.stringify({ endpoint: runtime.endpoint, outputs: runtime.outputs, credentials: runtime.credentials }));
