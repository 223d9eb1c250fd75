/** A check of the doctor, and how a failure of its own becomes a finding: every check reports, whatever became of the others. */
import { FerryError } from '../../core/errors.ts';
import type { ServerFacts } from '../../core/server-check.ts';
import { asFerryError } from '../aws-errors.ts';
import type { Examination, Plan } from './examination.ts';
import type { Finding } from './finding.ts';
import { NotExamined, problem, skipped } from './finding.ts';

export const areas = ['Account', 'Stack', 'Source', 'Target', 'Source and target'] as const;
export type Area = (typeof areas)[number];

export interface Check {
  /** Stable: scripts read it in --json. */
  readonly name: string;
  readonly area: Area;
  readonly examine: (examination: Examination) => Promise<readonly Finding[]>;
}

export interface CheckedFinding extends Finding {
  readonly check: string;
  readonly area: Area;
}

/** In the order of `checks`; all of them are asked at once. */
export async function runChecks(checks: readonly Check[], examination: Examination): Promise<CheckedFinding[]> {
  const found = await Promise.all(checks.map(async (check) => (await runCheck(check, examination)).map((finding) => ({ check: check.name, area: check.area, ...finding }))));
  return found.flat();
}

async function runCheck({ examine }: Check, examination: Examination): Promise<readonly Finding[]> {
  try {
    return await examine(examination);
  } catch (error) {
    // An interruption is nothing that was found.
    if (examination.signal.aborted) throw error;
    return [findingOfFailure(error)];
  }
}

export function findingOfFailure(error: unknown): Finding {
  if (error instanceof NotExamined) return skipped(error.message);
  if (error instanceof Error && error.name === 'NotImplemented') return skipped('not asked: the local runtime does not implement it');
  const failure = asFerryError(error);
  if (failure.name === 'NotAuthorized') return skipped(`not asked: no permission ${permissionIn(failure) ?? `(${failure.message})`}`);
  if (failure.name === 'InternalError') throw error;
  return problem(failure.message, `${failure.name}: nothing that needs this can work.`, failure.remedy);
}

/** AWS names the action that it refuses. */
function permissionIn({ message }: FerryError): string | undefined {
  return /not authorized to perform:? ([a-z0-9-]+:\w+)/i.exec(message)?.[1];
}

/** A rule on what one server answered. */
export function serverCheck(server: 'source' | 'target', name: string, judge: (facts: ServerFacts, plan: Plan) => readonly Finding[]): Check {
  return {
    name,
    area: server === 'source' ? 'Source' : 'Target',
    examine: async (examination) => judge(await examination.facts(server), examination.plan),
  };
}

/** A rule on what differs between the servers. */
export function comparison(name: string, judge: (source: ServerFacts, target: ServerFacts) => readonly Finding[]): Check {
  return {
    name,
    area: 'Source and target',
    examine: async (examination) => {
      // One after the other: when neither answers, the reason is the source's.
      const source = await examination.facts('source');
      return judge(source, await examination.facts('target'));
    },
  };
}
