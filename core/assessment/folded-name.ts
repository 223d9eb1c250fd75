/**
 * Names as the collation utf8_general_ci compares them, in which MySQL 8.0 keeps those of triggers and constraints:
 * case and accents do not tell names apart. Letters that have no accent to take away (ø, đ) are letters of their own,
 * to both.
 */
export function foldedName(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 's').toUpperCase();
}
