/** Text as an SQL literal. What a server's sql_mode could read in another way is written as its bytes. */
export function textLiteral(text: string): string {
  return /^[\w :.\-/#%]*$/.test(text) ? `'${text}'` : `_utf8mb4 x'${Buffer.from(text, 'utf8').toString('hex')}'`;
}
