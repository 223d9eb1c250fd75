/** One reading of a dump, as the import does it twice: `plan` for definitions, every value looked at, and `rows` for rows. Prints seconds and peak memory. */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { SqlPart } from '../containers/import/dump-parts.ts';
import { planImport } from '../containers/import/import-plan.ts';
import { Rewriter } from '../containers/import/rewrite/rewriter.ts';
import { rulesWithout } from '../containers/import/rewrite/rules.ts';
import { StatementSplitter } from '../containers/import/statements.ts';

const [way = '', file = ''] = process.argv.slice(2);
const part: SqlPart = {
  part: { role: 'main', key: file, compression: 'none', bytes: 0, sha256: '', sqlBytes: 0 },
  sql: () => createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>,
};
const before = process.resourceUsage().maxRSS;
const started = performance.now();
const bytes = await (way === 'plan' ? plan() : rows());
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, bytes, startBytes: before * 1024, peakBytes: process.resourceUsage().maxRSS * 1024 }));

async function plan(): Promise<number> {
  const rewriter = new Rewriter(rulesWithout([]), { sourceVersion: '5.6.24' });
  await planImport({ database: basename(file, '.sql'), readers: [part], byHand: false }, rewriter);
  return statSync(file).size;
}

async function rows(): Promise<number> {
  const splitter = new StatementSplitter();
  let read = 0;
  const count = (chunk: Buffer, isLast: boolean): void => {
    for (const { bytes: statement, isRows } of splitter.split(chunk, isLast)) if (isRows) read += statement.toString('latin1').length;
  };
  for await (const chunk of part.sql()) count(chunk, false);
  count(Buffer.alloc(0), true);
  return read;
}
