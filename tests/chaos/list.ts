import { textTable } from '../../bench/text-table.ts';
import type { Kind } from './kinds/kind.ts';

/** Every kind with the reasons that it makes true. */
export function listKinds(kinds: readonly Kind[], markdown: boolean): string {
  const rows = kinds.map(({ name, about, allowed }) => [name, about, allowed.join(', ')]);
  if (!markdown) return textTable(rows);
  const lines = rows.map(([name = '', about = '', allowed = '']) => `| \`${name}\` | ${about} | ${allowed.split(', ').filter((each) => each !== '').map((each) => `\`${each}\``).join(', ')} |`);
  return ['| kind | what happens | true reasons for a dead letter |', '|---|---|---|', ...lines].join('\n');
}
