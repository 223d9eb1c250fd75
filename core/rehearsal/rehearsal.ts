/** What a rehearsal of one database is asked and answers: JSON lines between `ferry assess --try` and its program. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorKinds } from '../errors.ts';
import type { ErrorName } from '../errors.ts';

const occurrenceSchema = z.object({ object: z.string(), detail: z.string().optional() });

export const rehearsalSchema = z.object({
  /** Objects that the target did not take, each with what the target says. */
  refused: z.array(occurrenceSchema),
  /** Views that were made and cannot be read on the target, although the source reads them. */
  views: z.array(occurrenceSchema),
  /** What the target made, and is not what the source has. */
  differences: z.array(occurrenceSchema),
  /** What could not be tried, and why. */
  untried: z.array(occurrenceSchema),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;

export const rehearsalRequestSchema = z.object({ id: z.number(), database: z.string() });
export type RehearsalRequest = z.infer<typeof rehearsalRequestSchema>;

const errorName = z.enum(Object.keys(errorKinds) as [ErrorName, ...ErrorName[]]);

/** The answer 0 is about the program itself: it is ready, or cannot work. */
export const rehearsalAnswerSchema = z.object({
  id: z.number(),
  rehearsal: rehearsalSchema.optional(),
  error: z.object({ name: errorName, message: z.string() }).optional(),
});
export type RehearsalAnswer = z.infer<typeof rehearsalAnswerSchema>;

/** In the marker of a scratch database: no migration has such a name. */
export const rehearsalMigration = '_aurora_ferry_try';

export const scratchPrefix = '_aurora_ferry_try_';

/** The same for every rehearsal of this database, so that two of them at once meet at its lock. */
export function scratchDatabase(source: { readonly host: string; readonly port: number }, database: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([source.host, source.port, database]))
    .digest('hex');
  return `${scratchPrefix}${hash.slice(0, 32)}`;
}
