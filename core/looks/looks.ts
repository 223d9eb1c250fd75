/**
 * What was found when databases were looked at again after their verification: each command leaves one object in the
 * bucket.
 */
import { z } from 'zod';

/**
 * `verify` compares the target with the dump or the source, `drift` the source with the dump; `report` only sees what is
 * there on the target when it writes the certificate.
 */
export const lookKinds = ['verify', 'drift', 'report'] as const;

/**
 * `same`, `differs` and `gone` are of the target; `unchanged`, `changed` and `gone` of the source, by `drift`;
 * `there`: its tables, not their rows.
 */
export const lookOutcomes = ['same', 'there', 'differs', 'gone', 'unchanged', 'changed', 'unknown'] as const;

export const foundSchema = z.object({ database: z.string(), outcome: z.enum(lookOutcomes), detail: z.string() });
export type Found = z.infer<typeof foundSchema>;

export const lookSchema = z.object({
  format: z.literal(1),
  kind: z.enum(lookKinds),
  at: z.string(),
  /** The ARN that AWS STS gives the caller; on one machine `user@host`. */
  by: z.string(),
  comparedWith: z.enum(['manifest', 'source', 'nothing']),
  databases: z.array(foundSchema),
});
export type Look = z.infer<typeof lookSchema>;

/** One database's part of a look. */
export type LaterLook = Omit<Look, 'format' | 'databases'> & Omit<Found, 'database'>;

/** What is said of a database, and no more: a text of differences may be long. */
export const longestDetail = 500;
