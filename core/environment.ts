/** Reads a program's environment once, at its edge, and names every variable that is wrong. */
import { z } from 'zod';
import { FerryError } from './errors.ts';

/** @throws FerryError InvalidInput naming each variable and what is wrong with it; values are never repeated */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new FerryError('InvalidInput', `The environment is not complete: ${flaws.join('; ')}.`);
}
