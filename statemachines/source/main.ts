/** Writes `statemachines/migrate-databases.asl.json` from its source: `npm run state-machine`. A test holds both together. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflow } from './workflow.ts';

export const definitionFile = join(import.meta.dirname, '../migrate-databases.asl.json');

export function definitionText(): string {
  return `${JSON.stringify(workflow, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(definitionFile, definitionText());
  process.stdout.write(`Wrote ${definitionFile}\n`);
}
