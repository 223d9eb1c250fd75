import type { DumpStatement } from './statement-kinds.ts';

const saving = /^(?:\/\*!\d+ )?SET @saved_cs_client\s*= @@character_set_client(?: \*\/)?$/;
const setting = /^(?:\/\*!\d+ )?SET character_set_client\s*= \w+(?: \*\/)?$/;
const puttingBack = /^(?:\/\*!\d+ )?SET character_set_client\s*= @saved_cs_client(?: \*\/)?$/;

/**
 * mysqldump puts the character set back behind each table and takes the same one again before the next: three of the four
 * statements of each table, which leave everything as it was.
 */
export function withoutRepeatedSettings(schema: readonly DumpStatement[]): DumpStatement[] {
  const kept: DumpStatement[] = [];
  /** What was set just after saving, as long as only tables have come since. */
  let inEffect: string | undefined;
  for (let index = 0; index < schema.length; index += 1) {
    const [statement, save, set, table] = schema.slice(index, index + 4);
    if (statement === undefined) break;
    const isRepeated = puttingBack.test(statement.sql) && save !== undefined && saving.test(save.sql) && set?.sql === inEffect && table?.kind === 'table';
    if (isRepeated && inEffect !== undefined) {
      index += 2;
      continue;
    }
    if (statement.kind !== 'table') inEffect = setting.test(statement.sql) && saving.test(kept.at(-1)?.sql ?? '') ? statement.sql : undefined;
    kept.push(statement);
  }
  return kept;
}
