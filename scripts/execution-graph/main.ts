/** `npm run graph`: draws the state machine, from its definition, into docs/execution-graph.svg. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readGraph } from './graph.ts';
import { layOut } from './layout.ts';
import { drawSvg } from './svg.ts';

const root = join(import.meta.dirname, '../..');
export const pictureFile = join(root, 'docs/execution-graph.svg');

/** The picture of the definition as it is now; the same for the same definition. */
export async function drawExecutionGraph(): Promise<string> {
  const definition = await readFile(join(root, 'statemachines/migrate-databases.asl.json'), 'utf8');
  return drawSvg(await layOut(readGraph(definition)), 'The execution graph of Aurora Ferry');
}

if (import.meta.main) await writeFile(pictureFile, await drawExecutionGraph());
