/** One database's record: a struct for --json first, then lines. */
import { errorKinds, isErrorName, type Need } from '../../core/errors.ts';
import type { Freeze } from '../../core/freezes.ts';
import { isDone } from '../../core/records.ts';
import { cannotRunText } from '../../core/stored-objects/cannot-run.ts';
import type { CannotRun } from '../../core/stored-objects/cannot-run.ts';
import type { Checkpoint, DatabaseRecord, DatabaseState } from '../../core/records.ts';
import { formatBytes, formatCount, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, printable, wrap } from '../terminal/text.ts';
import { renderTransitions } from './transitions.ts';

export interface DescribedTransition {
  readonly state: DatabaseState;
  readonly at: string;
  /** Until the next transition, or until now for the last one of a database that is not done; else null. */
  readonly lastedSeconds: number | null;
  readonly attempt: number;
  readonly by: string;
  readonly error: string | null;
  readonly message: string | null;
  /** What the branch was held for from then on. */
  readonly heldFor: Need | null;
}

export interface DescribedDatabase {
  readonly migration: string;
  readonly database: string;
  readonly state: DatabaseState;
  readonly checkpoint: Checkpoint;
  readonly attempt: number;
  readonly branch: string | null;
  readonly error: { readonly name: string; readonly stage: string | null; readonly message: string; readonly remedy: string | null } | null;
  /** `s3://bucket/key` of the manifest. */
  readonly dump: string | null;
  readonly tables: number | null;
  readonly rows: number | null;
  readonly sqlBytes: number | null;
  readonly dumpBytes: number | null;
  readonly conversions: number | null;
  /** Objects that are as on the source and cannot run on the target; `causes` is empty where the bucket has them no more. */
  readonly cannotRun: { readonly objects: number; readonly causes: readonly CannotRun[] };
  /** On the source: since when, until when at the latest, and what ended it. */
  readonly frozen: { readonly mode: string; readonly since: string; readonly until: string; readonly endedAt: string | null; readonly reason: string | null; readonly withdrawn: readonly string[] } | null;
  readonly transitions: readonly DescribedTransition[];
}

const finalStates: ReadonlySet<DatabaseState> = new Set<DatabaseState>(['VERIFIED', 'DEAD_LETTERED']);

/** What is read beside the record. */
export interface Beside {
  readonly freeze: Freeze | undefined;
  readonly cannotRun: readonly CannotRun[];
}

export function describeDatabase(record: DatabaseRecord, { freeze, cannotRun }: Beside, migration: string, bucket: string, now: Date): DescribedDatabase {
  return {
    migration,
    database: record.database,
    state: record.state,
    checkpoint: record.checkpoint,
    attempt: record.attempt,
    branch: record.owner ?? null,
    error: record.error === undefined ? null : {
      name: record.error,
      stage: record.errorStage ?? null,
      message: record.errorMessage ?? '',
      remedy: isErrorName(record.error) ? errorKinds[record.error].remedy : null,
    },
    dump: record.dumpManifest === '' ? null : `s3://${bucket}/${record.dumpManifest}`,
    tables: record.tables ?? null,
    rows: record.rows ?? null,
    sqlBytes: record.sqlBytes ?? null,
    dumpBytes: record.dumpBytes ?? null,
    conversions: record.conversions ?? null,
    cannotRun: { objects: record.cannotRun ?? 0, causes: cannotRun },
    frozen: freeze === undefined ? null : describeFreeze(freeze),
    transitions: record.transitions.map((transition, index) => ({
      state: transition.state,
      at: transition.at,
      lastedSeconds: lasted(record, index, now),
      attempt: transition.attempt,
      by: transition.by,
      error: transition.error ?? null,
      message: transition.message ?? null,
      heldFor: transition.heldFor ?? null,
    })),
  };
}

function describeFreeze({ mode, since, until, endedAt, reason, withdrawn = [] }: Freeze): DescribedDatabase['frozen'] {
  return { mode, since, until, endedAt: endedAt ?? null, reason: reason ?? null, withdrawn: withdrawn.map(({ revoke }) => revoke) };
}

function lasted({ transitions, state, checkpoint }: DatabaseRecord, index: number, now: Date): number | null {
  const [current, next] = [transitions[index], transitions[index + 1]];
  if (current === undefined || (next === undefined && (finalStates.has(state) || isDone({ checkpoint })))) return null;
  const end = next === undefined ? now.getTime() : Date.parse(next.at);
  return Math.max(0, (end - Date.parse(current.at)) / 1000);
}

export interface DatabaseLayout {
  readonly width: number;
  readonly style: Style;
  /** Of a long history too. */
  readonly allTransitions?: boolean;
}

export function renderDatabase(described: DescribedDatabase, layout: DatabaseLayout): string[] {
  const { style } = layout;
  const paint = described.state === 'VERIFIED' ? style.green : described.state === 'DEAD_LETTERED' ? style.red : style.cyan;
  const dead = described.state === 'VERIFIED' && described.cannotRun.objects > 0 ? `, ${cannotRunText(described.cannotRun.objects)}` : '';
  const said = described.checkpoint === 'UNVERIFIED' ? `${described.state}, NOT VERIFIED` : `${described.state}${dead}`;
  const heading = `${style.bold(printable(described.database))}  ${paint(style.bold(said))}  ${style.dim(`migration ${described.migration}`)}`;
  return [heading, '', ...renderTransitions(described.transitions, layout), '', ...renderFacts(described, layout), ...renderCannotRun(described.cannotRun, layout)];
}

function renderFacts(described: DescribedDatabase, { width, style }: { readonly width: number; readonly style: Style }): string[] {
  const facts: [string, string][] = [];
  if (described.error !== null) {
    const { name, stage, message, remedy } = described.error;
    facts.push(['error', stage === null ? name : `${name}, in its ${stage}`]);
    if (message !== '') facts.push(['message', message]);
    if (remedy !== null) facts.push(['remedy', remedy]);
  }
  const sizes = [
    described.tables === null ? '' : formatPlural(described.tables, 'table'),
    described.rows === null ? '' : formatPlural(described.rows, 'row'),
    described.sqlBytes === null ? '' : `${formatBytes(described.sqlBytes)} of SQL`,
    described.dumpBytes === null ? '' : `${formatBytes(described.dumpBytes)} stored`,
  ].filter((each) => each !== '');
  if (sizes.length > 0) facts.push(['size', sizes.join(', ')]);
  if (described.conversions !== null) facts.push(['conversions', `${formatCount(described.conversions)} statements rewritten on import`]);
  if (described.frozen !== null) facts.push(['frozen', freezeText(described.frozen)]);
  if (described.dump !== null) facts.push(['dump', described.dump]);
  return facts.flatMap(([label, value]) => {
    const lines = label === 'dump' ? [printable(value)] : wrap(printable(value), Math.max(20, width - 17));
    return lines.map((line, index) => `  ${style.dim(padEnd(index === 0 ? label : '', 13))}${line}`);
  });
}

const shownCauses = 20;

function renderCannotRun({ objects, causes }: DescribedDatabase['cannotRun'], { width, style }: { readonly width: number; readonly style: Style }): string[] {
  if (objects === 0) return [];
  const lines = causes.slice(0, shownCauses).flatMap(({ object, cause, remedy }) => [
    `  ${style.bold(printable(object))}`,
    ...wrap(printable(`${cause} ${remedy}`), Math.max(20, width - 5)).map((line) => `    ${line}`),
  ]);
  const more = causes.length > shownCauses ? [style.dim(`  and ${formatPlural(causes.length - shownCauses, 'cause')} more (--json)`)] : [];
  return ['', style.yellow(`${style.bold('Cannot run')}, though they are as on the source`), ...lines, ...more];
}

function freezeText({ mode, since, until, endedAt, reason, withdrawn }: NonNullable<DescribedDatabase['frozen']>): string {
  const left = withdrawn.length === 0 ? '' : `; ${formatPlural(withdrawn.length, 'grant')} withdrawn until ferry unfreeze`;
  if (endedAt === null) return `${mode}, until ${until} at the latest, since ${since}`;
  return `${mode}, ended at ${endedAt}: ${reason ?? 'no reason'}${left}`;
}
