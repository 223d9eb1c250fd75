/** Assesses one database after the other, gently, and puts each result into the store as soon as it is there. */
import { readOnTarget } from '../../core/assessment/ask-target.ts';
import { assessDatabase } from '../../core/assessment/assess.ts';
import type { DatabaseFacts, Servers } from '../../core/assessment/facts.ts';
import type { CostlyReading } from '../../core/assessment/read-costly.ts';
import { readCostlyFacts } from '../../core/assessment/read-costly.ts';
import { readDatabase } from '../../core/assessment/read-database.ts';
import { FerryError } from '../../core/errors.ts';
import type { ErrorName } from '../../core/errors.ts';
import type { Rehearsal } from '../../core/rehearsal/rehearsal.ts';
import { errnoOf, isConnectionLoss } from '../../core/mysql-failures.ts';
import type { Refusal } from '../../core/stored-objects/attempt.ts';
import type { AssessmentConnection } from './source-connection.ts';
import type { AssessedDatabase, AssessmentStore, ObjectCounts } from './store.ts';
import type { Clock, Throttle } from './throttle.ts';

export interface FleetAssessment {
  readonly store: AssessmentStore;
  readonly servers: Servers;
  readonly also: ReadonlySet<CostlyReading>;
  readonly throttle: Throttle;
  readonly clock: Clock;
  /** One for each worker. */
  readonly connections: readonly WorkerConnections[];
  /** What the servers have answered about functions and regular expressions, for all databases. */
  readonly known: { readonly source: Map<string, Refusal | undefined>; readonly target: Map<string, Refusal | undefined> };
  readonly signal: AbortSignal;
  /** Tries the definitions of a database on the target. */
  readonly rehearse?: ((database: string) => Promise<Rehearsal>) | undefined;
  readonly onAssessed: (database: AssessedDatabase) => void;
}

/** Of one worker, which nobody else uses. */
export interface WorkerConnections {
  readonly source: AssessmentConnection;
  /** Absent where no target is named. */
  readonly target?: AssessmentConnection | undefined;
}

const unknownDatabase = 1049;

const unreachable: ReadonlySet<ErrorName> = new Set(['SourceUnreachable', 'TargetUnreachable']);

/** Of a rehearsal: no other database would fare better. */
const unusable: ReadonlySet<ErrorName> = new Set(['SourceTlsFailed', 'TargetTlsFailed', 'SourceAccessDenied', 'TargetAccessDenied', 'DumpClientUnsupported', 'TaskCrashed']);

/** Tries to reach a source that went away, with growing waits: half a minute in all. */
const reconnectWaits = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/**
 * Ends early when it is told to stop: what is assessed by then is in the store.
 * @throws FerryError SourceUnreachable, SourceAccessDenied, SourcePrivilegeMissing when the server as a whole cannot be used
 */
export async function assessFleet(assessment: FleetAssessment, names: readonly string[]): Promise<void> {
  const queue = names.values();
  await Promise.all(
    assessment.connections.map(async (connection) => {
      for (const name of queue) {
        if (assessment.signal.aborted) return;
        const assessed = await assessOne(assessment, connection, name);
        if (assessed === undefined) return;
        assessment.store.put(assessed);
        assessment.onAssessed(assessed);
        await assessment.throttle.afterWork(assessed.milliseconds);
      }
    }),
  );
}

/** @returns undefined when it was told to stop */
async function assessOne(assessment: FleetAssessment, connections: WorkerConnections, name: string): Promise<AssessedDatabase | undefined> {
  const { clock, signal, servers } = assessment;
  const connection = connections.source;
  for (let attempt = 0; ; attempt += 1) {
    let started = clock.now();
    const queries = connection.queries;
    const spent = (): Pick<AssessedDatabase, 'name' | 'assessedAt' | 'queries' | 'milliseconds'> => {
      return { name, assessedAt: new Date(clock.now()).toISOString(), queries: connection.queries - queries, milliseconds: clock.now() - started };
    };
    try {
      await assessment.throttle.beforeWork();
      if (signal.aborted) return undefined;
      started = clock.now();
      const facts = await readFacts(assessment, connections, name);
      return { ...spent(), ...countObjects(facts), findings: assessDatabase(facts, servers) };
    } catch (error) {
      if (signal.aborted) return undefined;
      const wait = reconnectWaits[attempt];
      const isLost = isConnectionLoss(error) || (error instanceof FerryError && unreachable.has(error.name));
      if (isLost && wait !== undefined) {
        await clock.sleep(wait, signal);
        continue;
      }
      const failure = nameFailure(connection, name, error);
      if (isLost || unusable.has(failure.name)) throw failure;
      return { ...spent(), ...countObjects(undefined), findings: [], error: { name: failure.name, message: failure.message } };
    }
  }
}

function nameFailure(connection: AssessmentConnection, name: string, error: unknown): FerryError {
  if (errnoOf(error) === unknownDatabase) return new FerryError('UnknownDatabase', `The source has no database \`${name}\` any more.`, { cause: error });
  return FerryError.from(connection.failure(error));
}

async function readFacts({ servers, also, known, rehearse }: FleetAssessment, { source, target }: WorkerConnections, name: string): Promise<DatabaseFacts> {
  const { query } = source;
  const facts = await readDatabase({ query, name, version: servers.source.version, depth: 'full' });
  const costly = also.size === 0 ? facts.costly : await readCostlyFacts(query, facts, also, servers.source.version);
  const rehearsal = await rehearse?.(name);
  if (target === undefined) return { ...facts, costly, rehearsal };
  const onTarget = await readOnTarget(facts, { query: target.query, known: known.target }, { query, known: known.source }).catch((error: unknown) => {
    // Both connections are made again with the next try.
    throw isConnectionLoss(error) ? target.failure(error) : error;
  });
  return { ...facts, costly, onTarget, rehearsal };
}

function countObjects(facts: DatabaseFacts | undefined): ObjectCounts {
  const programs = facts?.programs ?? [];
  const tables = facts?.tables ?? [];
  return {
    tables: tables.length,
    views: facts?.views.length ?? 0,
    triggers: programs.filter(({ kind }) => kind === 'trigger').length,
    routines: programs.filter(({ kind }) => kind === 'procedure' || kind === 'function').length,
    events: programs.filter(({ kind }) => kind === 'event').length,
    dataBytes: tables.reduce((sum, { dataBytes }) => sum + dataBytes, 0),
    indexBytes: tables.reduce((sum, { indexBytes }) => sum + indexBytes, 0),
  };
}
