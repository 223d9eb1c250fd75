/** What a trial does, drawn from its seed: which databases, how the run is started, and which faults when. */
import { Random } from '../../../local/fleet/random.ts';
import type { Injection, Kind } from '../kinds/kind.ts';
import type { Trigger } from './progress.ts';

export interface PlannedFault {
  readonly kind: Kind;
  readonly injection: Injection;
  readonly trigger: Trigger;
  /** Why it is left out on this machine. */
  readonly unavailable: string | undefined;
}

/** `local`: a runtime in one terminal, `ferry start` in another. `migrate`: both in one command. */
export type Way = 'local' | 'migrate';

export interface Plan {
  readonly seed: number;
  readonly way: Way;
  /** Options of the run. */
  readonly settings: readonly string[];
  /** Of the fleet. */
  readonly databases: readonly string[];
  readonly faults: readonly PlannedFault[];
}

const states = ['DUMPING', 'DUMPED', 'IMPORTING', 'IMPORTED', 'VERIFIED'] as const;

export function drawPlan(seed: number, fleet: readonly string[], kinds: readonly Kind[]): Plan {
  // Neighbouring seeds of this generator begin alike: the first numbers are let go.
  const random = new Random(Math.imul(seed, 2_654_435_761));
  for (let n = 0; n < 3; n += 1) random.int(0, 1);
  const way = random.chance(20) ? 'migrate' : 'local';
  const settings = [
    ...(random.chance(30) ? ['--max-concurrency', String(random.int(2, 5))] : []),
    ...(random.chance(30) ? ['--dump-threads', String(random.int(1, 3))] : []),
    ...(random.chance(20) ? ['--max-attempts', '2'] : []),
  ];
  const databases = shuffled(random, fleet).slice(0, random.int(6, 9));
  const faults = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, () => drawFault(random, kinds, databases.length));
  return { seed, way, settings, databases, faults };
}

function drawFault(random: Random, kinds: readonly Kind[], databases: number): PlannedFault {
  const kind = random.pick(kinds);
  const trigger = drawTrigger(random, databases);
  return { kind, injection: kind.draw(random), trigger, unavailable: kind.unavailable?.() };
}

function drawTrigger(random: Random, databases: number): Trigger {
  const kind = random.int(1, 10);
  if (kind === 1) return { when: 'start' };
  if (kind <= 4) return { when: 'transitions', count: random.int(1, databases * 5) };
  return { when: 'state', state: random.pick(states), databases: random.int(1, databases) };
}

function shuffled(random: Random, names: readonly string[]): string[] {
  const left = [...names];
  return names.flatMap(() => left.splice(random.int(0, left.length - 1), 1));
}
