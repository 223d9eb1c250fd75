/** What a verification says of objects that are as on the source, and cannot run on the target as they did there. */
import { z } from 'zod';

export const cannotRunSchema = z.object({
  /** `view totals`, `trigger audit`. */
  object: z.string(),
  /** With the number of the error that its use ends in, where it is one. */
  cause: z.string(),
  remedy: z.string(),
});
export type CannotRun = z.infer<typeof cannotRunSchema>;

/** The first of them, and how many objects there are: a report is read by the state machine, and stays small. */
export const cannotRunSummarySchema = z.object({ objects: z.number().int(), first: z.array(cannotRunSchema) });
export type CannotRunSummary = z.infer<typeof cannotRunSummarySchema>;

const firstNamed = 10;
const longestText = 300;

/** Undefined where all objects run. */
export function summaryOf(found: readonly CannotRun[]): CannotRunSummary | undefined {
  if (found.length === 0) return undefined;
  return {
    objects: objectsIn(found),
    first: found
      .slice(0, firstNamed)
      .map(({ object, cause, remedy }) => ({ object, cause: cut(cause), remedy: cut(remedy) })),
  };
}

/** One object may have several causes. */
export function objectsIn(found: readonly CannotRun[]): number {
  return new Set(found.map(({ object }) => object)).size;
}

/** `2 objects cannot run`. */
export function cannotRunText(objects: number): string {
  return `${objects.toLocaleString('en-US')} ${objects === 1 ? 'object' : 'objects'} cannot run`;
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1).toWellFormed()}…` : text;
}
