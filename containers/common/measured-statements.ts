/**
 * Statements whose ends are known: each stands behind a line that says how many bytes it has. To find the end of a
 * stored program by reading it, one would have to read it as its server did, in its sql_mode and its client's character
 * set.
 */
import { z } from 'zod';

const measureSchema = z.object({
  bytes: z.number().int().min(1),
  /** When it is to be run: before or after the rows are there. */
  rows: z.enum(['before', 'after']),
  /** The name of the program that it makes, whatever character set the statement is in. */
  object: z.string().optional(),
  /** Of a trigger: the table that it belongs to. */
  table: z.string().optional(),
  /** Its definer: user and host. */
  definer: z.tuple([z.string(), z.string()]).optional(),
});
export type Measure = z.infer<typeof measureSchema>;

/** The line begins with this: a comment to everyone else. */
export const measureStart = '-- Ferry, the next statement: ';

/** The line and the statement, without a delimiter. @param sql each character is a byte */
export function measured(sql: string, measure: Omit<Measure, 'bytes'>): string {
  const line = JSON.stringify({ bytes: sql.length, ...measure });
  return `${measureStart}${Buffer.from(line, 'utf8').toString('latin1')}\n${sql}`;
}

/** @returns undefined for a line that is only a comment */
export function parseMeasure(line: string): Measure | undefined {
  if (!line.startsWith(measureStart)) return undefined;
  try {
    const parsed = measureSchema.safeParse(JSON.parse(line.slice(measureStart.length)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
