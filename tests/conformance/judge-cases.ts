/** A thread that judges the cases it is sent, one after the other; ended from outside when one takes too long. */
import { parentPort } from 'node:worker_threads';
import type { Outcome } from './cases.ts';
import { suites } from './suites.ts';

parentPort?.on('message', ({ suite, recorded }: { suite: keyof typeof suites; recorded: unknown }) => {
  void Promise.resolve()
    .then(() => suites[suite].judge(recorded))
    .catch((error: unknown): Outcome => ({ kind: 'miss', expected: 'an answer', actual: error instanceof Error ? (error.stack ?? '') : String(error) }))
    .then((outcome) => parentPort?.postMessage(outcome));
});
