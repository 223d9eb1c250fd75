/** The simulated runs that the documents speak of. */
import { type Settings, settings } from '../simulation/settings.ts';
import { type Simulated, simulate } from '../simulation/simulate.ts';

interface Scenario {
  readonly title: string;
  readonly settings: Partial<Settings>;
}

/** As many branches as connections, so that the gate never refuses; as few that one item of slots bears their writes. */
const recommended = { maxConcurrency: 400, maxConnections: 400, dumpThreads: 8, vcpuQuota: 400 } as const;
const many = { databases: 50_000 } as const;

export const scenarios = {
  standard: { title: 'defaults', settings: {} },
  standardPublished: { title: 'defaults, servers as slow as published', settings: { profile: 'published' } },
  smallQuota: { title: 'defaults, vCPU quota 6', settings: { vcpuQuota: 6 } },
  shutGate: { title: '`--max-concurrency 400`, the gate left at 200', settings: { maxConcurrency: 400 } },
  readFirst: { title: 'the same, *if a full gate were seen by reading*', settings: { maxConcurrency: 400, slots: 'read-first' } },
  halfQuota: { title: '400 / 400 / 8, vCPU quota 200', settings: { ...recommended, vcpuQuota: 200 } },
  recommended: { title: '**400 / 400 / 8**', settings: recommended },
  recommendedPublished: { title: '**400 / 400 / 8**, servers as slow as published', settings: { ...recommended, profile: 'published' } },
  slowStart: { title: '400 / 400 / 8, containers that take 70 s to start', settings: { ...recommended, startSeconds: 70 } },
  largestFirst: { title: '400 / 400 / 8, the largest listed first', settings: { ...recommended, order: 'largest-first' } },
  manyStandard: { title: 'defaults', settings: many },
  manyRecommended: { title: '**400 / 400 / 8**', settings: { ...many, ...recommended } },
  manyPublished: { title: '**400 / 400 / 8**, servers as slow as published', settings: { ...many, ...recommended, profile: 'published' } },
  manyWide: { title: '1,000 / 1,000 / 16: more than the slots item bears', settings: { ...many, maxConcurrency: 1_000, maxConnections: 1_000, dumpThreads: 16 } },
  manySlots: { title: '1,000 / 1,000 / 16, *if each slot were an item*', settings: { ...many, maxConcurrency: 1_000, maxConnections: 1_000, dumpThreads: 16, slots: 'item-each' } },
  manyRaised: {
    title: '1,500 / 1,500 / 32, *and launches and RunTask raised to 100 a second*',
    settings: { ...many, maxConcurrency: 1_500, maxConnections: 1_500, dumpThreads: 32, slots: 'item-each', launchRate: 100, runTaskRate: 100 },
  },
} as const satisfies Readonly<Record<string, Scenario>>;
export type ScenarioName = keyof typeof scenarios;

const known = new Map<ScenarioName, Simulated>();

/** Simulated once in a process. */
export function simulated(name: ScenarioName): Simulated {
  const run = known.get(name) ?? simulate(settings(scenarios[name].settings));
  known.set(name, run);
  return run;
}
