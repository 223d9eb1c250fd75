/** The bytes of SQL that mean something wherever they stand, for the splitter of dumps. */
export const bytesOf = {
  newline: 0x0a,
  carriageReturn: 0x0d,
  semicolon: 0x3b,
  space: 0x20,
  backslash: 0x5c,
  singleQuote: 0x27,
  doubleQuote: 0x22,
  backtick: 0x60,
  hash: 0x23,
  hyphen: 0x2d,
  slash: 0x2f,
  asterisk: 0x2a,
  exclamation: 0x21,
  plus: 0x2b,
} as const;

const { singleQuote, doubleQuote, backtick, hash, hyphen, slash, semicolon, space } = bytesOf;

/** 1 for each byte that may begin a quote, a comment or the delimiter. */
export function stopsOf(delimiter: Buffer): Uint8Array {
  const stops = new Uint8Array(256);
  for (const byte of [singleQuote, doubleQuote, backtick, hash, hyphen, slash, delimiter[0] ?? 0]) stops[byte] = 1;
  return stops;
}

/** Without the blanks at the end, and for rows without their semicolon. */
export function withoutEnd(bytes: Buffer, isRows: boolean): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= space) end -= 1;
  if (isRows && bytes[end - 1] === semicolon) end -= 1;
  return bytes.subarray(0, end);
}
