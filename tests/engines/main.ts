/**
 * `npm run engines`: the packaged stack and its state machine on engines that Ferry's authors did not write. What each of
 * them proves, and what it does not, is in docs/engines.md.
 */
import { Unavailable } from './install.ts';
import { runOnMiniStack } from './ministack.ts';
import { acceptDefinition } from './moto.ts';

const engines: readonly (readonly [name: string, run: (log: (line: string) => void) => Promise<string>])[] = [
  ['moto 5.2.5', acceptDefinition],
  ['ministack 1.5.33', runOnMiniStack],
];

for (const [name, run] of engines) {
  try {
    const outcome = await run((line) => {
      console.log(`${name}: ${line}`);
    });
    console.log(`${name}: ${outcome}`);
  } catch (error) {
    if (error instanceof Unavailable) {
      console.log(`${name}: skipped, because ${error.message}`);
      continue;
    }
    console.log(`${name}: FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}
