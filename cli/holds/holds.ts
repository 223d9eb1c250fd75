/** Branches that are held, by what they wait for: as a struct, and as lines for a terminal or a log. */
import type { Need } from '../../core/errors.ts';
import { secondsBetween } from '../estimate.ts';
import type { DatabaseRow } from '../records.ts';
import { formatClock, formatCount, formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { printable, truncate, wrap } from '../terminal/text.ts';

export interface HoldGroup {
  readonly need: Need;
  /** ISO time of the first failure among them. */
  readonly since: string;
  readonly seconds: number;
  /** What the branch that is held longest has met. */
  readonly error: string;
  readonly message: string;
  readonly remedy: string;
  readonly databases: readonly string[];
}

/** What branches wait for, in the words of a sentence. */
export const waitsFor: Readonly<Record<Need, string>> = {
  source: 'the source',
  target: 'the target',
  storage: 'the storage (S3)',
  records: 'the records (DynamoDB)',
  capacity: 'capacity to start tasks',
  aws: 'an AWS service',
};

const ofServer = (server: string): string =>
  `Bring ${server} back, or write its new password into its secret. Nothing else is to be done.`;

/** That of the error itself would speak of a redrive. */
const remedies: Readonly<Record<Need, string>> = {
  source: ofServer('the source'),
  target: ofServer('the target'),
  storage: "Look at the bucket's policy, the roles of the tasks, and free space where the bucket is on this machine.",
  records: "Look at the table's throttling, and the permissions of the roles on it.",
  capacity: 'Wait, or ask AWS for a higher Fargate quota.',
  aws: "Look at AWS's health dashboard for the region, and at the network of the tasks.",
};

export function groupHolds(databases: readonly DatabaseRow[], at: Date): HoldGroup[] {
  const held = databases.flatMap((row) => (isHeldRow(row) ? [row] : []));
  const needs = [...new Set(held.map(({ heldFor }) => heldFor))];
  return needs.map((need) => describeHold(need, held.filter(({ heldFor }) => heldFor === need), at));
}

export type HeldRow = DatabaseRow & { readonly heldFor: Need; readonly heldSince: string };

export function isHeldRow(row: DatabaseRow): row is HeldRow {
  return row.state === 'RETRYING' && row.heldFor !== undefined && row.heldSince !== undefined;
}

function describeHold(need: Need, rows: readonly HeldRow[], at: Date): HoldGroup {
  const [first] = [...rows].sort((one, other) => (one.heldSince < other.heldSince ? -1 : 1));
  const error = first?.error ?? 'InternalError';
  const since = first?.heldSince ?? at.toISOString();
  return {
    need,
    since,
    seconds: secondsBetween(new Date(since), at),
    error,
    message: first?.errorMessage ?? '',
    remedy: remedies[need],
    databases: rows.map(({ database }) => database).sort((one, other) => (one < other ? -1 : 1)),
  };
}

const explanation =
  'No try is spent and nothing done is repeated: they go on where they were when it is back, or are dead-lettered after the hold minutes of the run.';

export function renderHolds(groups: readonly HoldGroup[], width: number, style: Style): string[] {
  if (groups.length === 0) return [];
  const count = groups.reduce((sum, { databases }) => sum + databases.length, 0);
  const indented = (text: string): string[] => wrap(text, Math.max(20, width - 5)).map((line) => `    ${line}`);
  return [
    `${style.bold('Held')}  ${formatCount(count)}`,
    ...groups.flatMap((group) => [
      `  ${style.yellow(style.bold(`waiting for ${waitsFor[group.need]}`))} since ${clockOf(group.since)} (${formatClock(group.seconds)}): ${formatPlural(group.databases.length, 'database')}`,
      ...indented(`${printable(group.error)}: ${printable(group.message)}`),
      truncate(`    ${style.dim(group.databases.map(printable).join(', '))}`, width - 1),
      ...indented(`Remedy: ${group.remedy}`),
    ]),
    ...indented(explanation).map((line) => style.dim(line)),
  ];
}

/** `12 held for the target since 02:10:11Z (TargetUnreachable)`. */
export function holdWords({ need, since, error, databases }: HoldGroup): string {
  return `${formatCount(databases.length)} held for ${waitsFor[need]} since ${since.slice(11, 19)}Z (${printable(error)})`;
}

function clockOf(time: string): string {
  return `${time.slice(11, 19)} UTC`;
}
