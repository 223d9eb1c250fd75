/** `npm run assessment-table`: writes the table of checks in docs/assessment.md anew, from the checks themselves. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '../core/assessment/registry.ts';

const file = join(import.meta.dirname, '../docs/assessment.md');
const [begin, end] = ['<!-- begin of the table of checks -->', '<!-- end of the table of checks -->'];

/** The document with its table as it should be. */
export function withTable(document: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no place for the table.`);
  return `${document.slice(0, from + begin.length)}\n${assessmentTable()}\n${document.slice(to)}`;
}

function assessmentTable(): string {
  const rows = checks.map(({ id, scope, severity, catalogue, cause, consequence, remedy }) => {
    return `| \`${id}\` | ${scope} | ${severity} | ${catalogue.join(' ')} | ${[cause, consequence, remedy].map(inCell).join(' | ')} |`;
  });
  return ['| check | scope | severity | rows | cause | consequence | remedy |', '|---|---|---|---|---|---|---|', ...rows].join('\n');
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('`', '\\`').replaceAll('*', '\\*').replaceAll('<', '&lt;');
}

if (import.meta.main) writeFileSync(file, withTable(readFileSync(file, 'utf8')));
