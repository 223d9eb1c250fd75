/** Collations of MariaDB that MySQL does not have, and what is nearest to them. */
import { edited, tokensOf } from './sql-tokens.ts';
import type { Reading } from './sql-tokens.ts';

/** @returns the statement or part of one with the nearest collations; undefined when it names none of MariaDB's own */
export function withNearestCollations(sql: string, reading?: Reading): string | undefined {
  const edits = Array.from(tokensOf(sql, reading)).flatMap(({ kind, text, start, end }) => {
    const collation = kind === 'word' ? nearestCollation(text) : text;
    return collation === text ? [] : [{ start, end, text: collation }];
  });
  return edits.length === 0 ? undefined : edited(sql, edits);
}

/**
 * The collation itself where MySQL has it, and where nothing is near: then MySQL names it in error 1273.
 * Source: MariaDB Knowledge Base, "Supported Character Sets and Collations"; MySQL Reference Manual, "Unicode Character Sets".
 */
export function nearestCollation(collation: string): string {
  const uca = /^(utf8mb4|utf8mb3|utf8)_uca1400(?:_nopad)?_(ai|as)_(ci|cs)$/i.exec(collation);
  if (uca !== null) {
    const [, characterSet = '', accents = '', letters = ''] = uca.map((part) => part.toLowerCase());
    if (characterSet === 'utf8mb4') return letters === 'cs' ? 'utf8mb4_0900_as_cs' : `utf8mb4_0900_${accents}_ci`;
    return accents === 'ai' && letters === 'ci' ? 'utf8mb3_unicode_520_ci' : collation;
  }
  if (/^utf8mb4_nopad_bin$/i.test(collation)) return 'utf8mb4_0900_bin';
  return /^[a-z0-9]+_(?:\w+_)?nopad_(?:ci|bin)$/i.test(collation) ? collation.replace(/_nopad(?=_(?:ci|bin)$)/i, '') : collation;
}
