/** For tests that run task programs and handlers in their own process, whose output is the test runner's. */
import { getTestContext, type TestContext } from 'node:test';
import { EventLog } from '../../core/event-log.ts';

/** What Node.js has documented since 21.7, and its types leave out. */
interface EndedTest extends TestContext {
  readonly passed: boolean;
}

/** A log whose lines are shown with the test that runs, if it fails. */
export function testLog(): EventLog {
  const context = getTestContext();
  if (context === undefined || !('after' in context)) throw new Error('Only a test has a log: call it from within one.');
  const test = context as EndedTest;
  const lines: string[] = [];
  test.after(() => {
    if (!test.passed) for (const line of lines) test.diagnostic(line);
  });
  return EventLog.of('aurora-ferry', (line) => lines.push(line));
}
