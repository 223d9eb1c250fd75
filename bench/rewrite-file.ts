/** One reading of a dump, as the import does it twice: `plan` for definitions, `rows` for rows. Prints seconds and peak memory. */
import { createReadStream } from 'node:fs';
import { Rewriter } from '../containers/import/rewrite/rewriter.ts';
import { rulesWithout } from '../containers/import/rewrite/rules.ts';
import { classify } from '../containers/import/statement-kinds.ts';
import { StatementSplitter } from '../containers/import/statements.ts';

const [way = '', file = ''] = process.argv.slice(2);
const isPlan = way === 'plan';
const splitter = new StatementSplitter({ skipRows: isPlan });
const rewriter = new Rewriter(rulesWithout([]), { sourceVersion: '5.6.24' });
const before = process.resourceUsage().maxRSS;
const started = performance.now();
let bytes = 0;
for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) read(chunk as Buffer, false);
read(Buffer.alloc(0), true);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, bytes, startBytes: before * 1024, peakBytes: process.resourceUsage().maxRSS * 1024 }));

function read(chunk: Buffer, isLast: boolean): void {
  for (const statement of splitter.split(chunk, isLast)) {
    if (statement.isRows) bytes += isPlan ? 0 : statement.bytes.toString('latin1').length;
    else if (isPlan) bytes += rewriter.rewrite(classify(statement.bytes.toString('latin1'))).length;
  }
}
