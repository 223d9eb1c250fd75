/** The known failures of such migrations: `catalogue.json`, one entry for each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const catalogueRow = z.string().regex(/^[EI]\d{1,2}$/);

/**
 * converted: changed on the way; prevented: Ferry's own settings keep it from happening; found: told before or instead of
 * a failure, with its remedy; impossible: no tool can do it, for the reason given.
 */
export const verdict = z.enum(['converted', 'prevented', 'found', 'impossible']);
export type Verdict = z.infer<typeof verdict>;

const catalogueSchema = z.array(
  z.strictObject({
    row: catalogueRow,
    failure: z.string(),
    /** Where no database can show it: the verdict, and the file that proves it. */
    elsewhere: z.strictObject({ verdict, how: z.string(), proof: z.string() }).optional(),
  }),
);
export type CatalogueEntry = z.infer<typeof catalogueSchema>[number];

export function readCatalogue(): CatalogueEntry[] {
  return catalogueSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'catalogue.json'), 'utf8')));
}
