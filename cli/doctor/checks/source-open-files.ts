/** A dump that locks its tables holds all of them open: a MyISAM table is two files. */
import { serverCheck } from '../check.ts';
import { ok, skipped, warning } from '../finding.ts';
import { numberOf } from '../settings.ts';

const filesPerTable = 2;
/** Databases of more tables than this are rare. */
const comfortableTables = 2_000;

export const sourceOpenFiles = serverCheck('source', 'source-open-files', (facts, { dumpThreads }) => {
  const limit = numberOf(facts, 'open_files_limit');
  const cache = numberOf(facts, 'table_open_cache');
  if (limit === undefined || cache === undefined) return [skipped('the server does not say')];
  const tables = Math.floor(limit / filesPerTable / dumpThreads);
  const what = `open_files_limit is ${limit.toLocaleString('en-US')} (table_open_cache ${cache.toLocaleString('en-US')}): ${dumpThreads} dumps at once may hold databases of ${tables.toLocaleString('en-US')} MyISAM tables each`;
  if (tables >= comfortableTables) return [ok(what)];
  return [
    warning(
      what,
      'A dump of a larger one fails as DumpFailed with errno 24, "too many open files".',
      'Start with fewer --dump-threads, or raise open_files_limit in the option file (needs a restart of the source).',
    ),
  ];
});
