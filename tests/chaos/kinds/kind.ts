/** What a kind of fault is, and what it may use of a trial. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorName } from '../../../core/errors.ts';
import type { Random } from '../../../local/fleet/random.ts';
import type { Trial } from '../trial/trial.ts';

export interface Kind {
  readonly name: string;
  /** For the list of kinds, one line. */
  readonly about: string;
  /**
   * The reasons for a dead letter that this fault makes true; all others are violations. That what all branches need was
   * away for a while is none: they are held meanwhile.
   */
  readonly allowed: readonly ErrorName[];
  /** What a trial's time limit grows by. */
  readonly seconds: number;
  /** Which database of its own it needs on the source. */
  readonly subject?: SubjectName;
  /** The state folder is to be a small file system of its own. */
  readonly smallDisk?: boolean;
  /** Why it cannot be done on this machine. */
  readonly unavailable?: () => string | undefined;
  /** Fills in what differs from fault to fault. */
  readonly draw: (random: Random) => Injection;
}

export type SubjectName = 'written' | 'changed';

export interface Injection {
  readonly description: string;
  /** Settles when the fault is over. */
  readonly run: (trial: Trial) => Promise<void>;
}

export interface KindInput extends Omit<Kind, 'allowed' | 'seconds' | 'draw'> {
  readonly allowed?: readonly ErrorName[];
  readonly seconds?: number;
  readonly draw: (random: Random) => Injection | Injection['run'];
}

export function kind({ allowed = [], seconds = 15, draw, ...rest }: KindInput): Kind {
  return {
    ...rest,
    allowed,
    seconds,
    draw: (random) => {
      const drawn = draw(random);
      return typeof drawn === 'function' ? { description: '', run: drawn } : drawn;
    },
  };
}

/** A fault that lasts for a drawn time. */
export function lasting(random: Random, [shortest, longest]: readonly [number, number], begin: (trial: Trial) => unknown, end: (trial: Trial) => unknown): Injection {
  const milliseconds = random.int(shortest, longest);
  return {
    description: `for ${(milliseconds / 1_000).toFixed(1)} s`,
    run: async (trial) => {
      await begin(trial);
      await sleep(milliseconds);
      await end(trial);
    },
  };
}
