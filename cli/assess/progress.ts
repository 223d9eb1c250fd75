/** How far an assessment is. Seconds; what is not known is null. */
import type { Severity } from '../../core/assessment/check.ts';
import { severities } from '../../core/assessment/check.ts';
import type { AssessedDatabase } from './store.ts';
import type { Load } from './throttle.ts';

export interface AssessmentProgress {
  readonly source: string;
  readonly total: number;
  readonly done: number;
  /** Of those done: assessed by an earlier call of the command. */
  readonly earlier: number;
  readonly failed: number;
  /** Databases in which this call found something of a severity. */
  readonly found: Readonly<Record<Severity, number>>;
  readonly elapsedSeconds: number;
  readonly perSecond: number | null;
  readonly leftSeconds: number | null;
  readonly queriesPerDatabase: number | null;
  readonly threadsRunning: number;
  readonly maxThreadsRunning: number;
  readonly waitingSeconds: number | null;
}

const leastSample = 5;

export class ProgressCounter {
  readonly #subject: Pick<AssessmentProgress, 'source' | 'total' | 'earlier' | 'maxThreadsRunning'>;
  readonly #startedAt: number;
  readonly #found: Record<Severity, number>;
  #assessed = 0;
  #failed = 0;
  #queries = 0;

  constructor(subject: Pick<AssessmentProgress, 'source' | 'total' | 'earlier' | 'maxThreadsRunning'>, now: number) {
    this.#subject = subject;
    this.#startedAt = now;
    this.#found = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  }

  add({ findings, queries, error }: AssessedDatabase): void {
    this.#assessed += 1;
    this.#queries += queries;
    if (error !== undefined) this.#failed += 1;
    for (const severity of severities) if (findings.some((finding) => finding.severity === severity)) this.#found[severity] += 1;
  }

  /** @param now milliseconds, as in the constructor */
  read(now: number, load: Load): AssessmentProgress {
    const { total, earlier } = this.#subject;
    const elapsedSeconds = (now - this.#startedAt) / 1000;
    const measured = this.#assessed >= leastSample && elapsedSeconds > 0;
    const perSecond = measured ? this.#assessed / elapsedSeconds : null;
    return {
      ...this.#subject,
      done: earlier + this.#assessed,
      failed: this.#failed,
      found: { ...this.#found },
      elapsedSeconds,
      perSecond,
      leftSeconds: perSecond === null ? null : (total - earlier - this.#assessed) / perSecond,
      queriesPerDatabase: measured ? this.#queries / this.#assessed : null,
      threadsRunning: load.threadsRunning,
      waitingSeconds: load.waitingSince === undefined ? null : Math.max(0, (now - load.waitingSince) / 1000),
    };
  }
}
