import { edited } from '../../../core/sql-tokens.ts';
import type { Edit } from '../../../core/sql-tokens.ts';
import type { Rule } from './rule.ts';
import { findOptions, tableTokens, withoutOption } from './table-tokens.ts';
import type { TableToken } from './table-tokens.ts';

const options = ['PACK_KEYS', 'CHECKSUM', 'DELAY_KEY_WRITE', 'INSERT_METHOD', 'PAGE_CHECKSUM', 'TRANSACTIONAL', 'COMPRESSION', 'ENCRYPTION'];

/** Drops options that mean something to other engines only, or that are the cluster's own business: encryption, compressed pages. MariaDB quotes those of its engines: `page_compressed`=1. */
export const tableOptions: Rule = {
  name: 'table-options',
  kinds: ['table'],
  concerns: /\b(?:PACK_KEYS|CHECKSUM|DELAY_KEY_WRITE|INSERT_METHOD|UNION|PAGE_CHECKSUM|TRANSACTIONAL|COMPRESSION|ENCRYPTION)\b|\)[^\n]*`\w+`=/i,
  apply({ sql }) {
    const tokens = tableTokens(sql);
    const named = options.flatMap((name) => findOptions(tokens, name).filter(({ keyword }) => keyword.isOption && keyword.depth === 0));
    const edits = [...named.map((option) => withoutOption(sql, option)), ...quotedOptions(sql, tokens), ...mergedTables(sql, tokens)];
    return edits.length === 0 ? undefined : edited(sql, edits);
  },
};

function quotedOptions(sql: string, tokens: readonly TableToken[]): Edit[] {
  return tokens.flatMap((keyword, index) => {
    const value = tokens[index + 2];
    const isOption = keyword.isOption && keyword.depth === 0 && keyword.kind === 'identifier' && tokens[index + 1]?.text === '=';
    return isOption && value !== undefined ? [withoutOption(sql, { keyword, value })] : [];
  });
}

/** `UNION=(…)`, which a table keeps that was a MERGE table once. */
function mergedTables(sql: string, tokens: readonly TableToken[]): Edit[] {
  return findOptions(tokens, 'UNION').flatMap(({ keyword, value }) => {
    if (!keyword.isOption || keyword.depth > 0 || value.text !== '(') return [];
    const end = tokens.find(({ text, depth, start }) => start > value.start && text === ')' && depth === value.depth);
    return end === undefined ? [] : [withoutOption(sql, { keyword, value: end })];
  });
}
