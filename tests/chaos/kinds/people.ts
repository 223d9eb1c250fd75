/** What people do at a bad moment: operators with a run, an application with its databases, and whoever sets the clock. */
import type { Random } from '../../../local/fleet/random.ts';
import type { Trial } from '../trial/trial.ts';
import { kind, lasting, type Injection, type Kind } from './kind.ts';

export const peopleKinds: readonly Kind[] = [
  kind({
    name: 'run-stopped',
    about: '`ferry stop`',
    allowed: ['BranchAborted', 'TaskInterrupted'],
    draw: () => async ({ operation }) => {
      await operation.command(['stop']);
    },
  }),
  kind({
    name: 'redriven-early',
    about: '`ferry redrive` of a run that is under way',
    draw: () => async ({ operation }) => {
      await operation.command(['redrive', '--no-watch']);
    },
  }),
  kind({
    name: 'second-run',
    about: 'A second run of the same migration over the same databases',
    draw: () => async ({ operation }) => {
      await operation.startRun('second');
    },
  }),
  kind({
    name: 'second-runtime',
    about: 'A second runtime on the same state folder, which is to be refused',
    draw: () => async ({ operation, violations }) => {
      const code = await operation.startSecondRuntime();
      if (code !== 91) violations.push(`A second runtime on the state folder ended with ${code ?? 'a signal'}, not with 91 (LocalRuntimeRunning).`);
    },
  }),
  kind({
    name: 'rows-written',
    about: 'An application writes rows to databases while they are moved',
    allowed: ['SourceChanged', 'VerificationMismatch'],
    subject: 'written',
    draw: (random) => working(random, 'written'),
  }),
  kind({
    name: 'definitions-changed',
    about: 'An application changes definitions of a database while it is moved',
    allowed: ['SourceChanged', 'VerificationMismatch'],
    subject: 'changed',
    draw: (random) => working(random, 'changed'),
  }),
  kind({
    name: 'clock-jumped',
    about: "The runtime's clock is set an hour forward or back, and later right again",
    draw: (random) => {
      const hours = random.pick([-1, 1]);
      const { description, run } = lasting(random, [1_000, 8_000], ({ faults }) => { faults.setClock(hours * 3_600_000); }, ({ faults }) => { faults.setClock(0); });
      return { description: `${hours} h ${description}`, run };
    },
  }),
];

function working(random: Random, name: 'written' | 'changed'): Injection {
  return lasting(random, [2_000, 6_000], (trial: Trial) => { trial.subjects.get(name)?.begin(); }, (trial) => trial.subjects.get(name)?.end());
}
