/**
 * One row as a 64-bit hash in SQL, the same on MySQL 5.5 to 9 and MariaDB. SHA2, because MySQL 9.6 took MD5 and SHA1 out
 * of the server; the server must have been built with TLS, else SHA2 answers NULL.
 */
import { quoteIdentifier } from '../names.ts';

export interface DigestColumn {
  readonly name: string;
  /** `DATA_TYPE` of information_schema.COLUMNS, in small letters. */
  readonly dataType: string;
  /** Of CHAR, VARCHAR, TEXT, ENUM and SET. */
  readonly characterSet?: string;
  /** Its values enter the row's text as their SHA-256: for long ones that is half the work of hexadecimal digits. */
  readonly hashed?: boolean;
}

/** Their text has neither commas nor a lone N: what separates fields, and stands for NULL. */
const plainTypes = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'year', 'date', 'time', 'datetime', 'timestamp']);
/** At most 64 KiB each, so that a row of them stays below the smallest max_allowed_packet: CONCAT_WS answers NULL beyond. */
const shortTypes = new Set(['char', 'varchar', 'binary', 'varbinary', 'enum', 'set', 'inet4', 'inet6', 'uuid']);
/** Of these, what may hold more characters (bytes, of VARBINARY) than this is `hashed`: a VARCHAR(255) rarely holds much. */
const hashedTypes = new Set(['varchar', 'varbinary']);
const shortCharacters = 255;
/** Have several codes for one letter, of which a dump, which is written in utf8mb4, keeps one. */
const ambiguousCharacterSets = new Set(['big5', 'cp932', 'eucjpms', 'euckr', 'gb18030', 'gb2312', 'gbk', 'sjis', 'ujis']);

/** @param maximumLength CHARACTER_MAXIMUM_LENGTH of information_schema.COLUMNS */
export function isHashed(dataType: string, maximumLength: number | null): boolean {
  return hashedTypes.has(dataType) && (maximumLength ?? 0) > shortCharacters;
}

/** An SQL expression of type BIGINT UNSIGNED, never NULL. */
export function rowHash(columns: readonly DigestColumn[]): string {
  const fields = columns.map((column) => `IFNULL(${canonical(column)},'N')`);
  return `CAST(CONV(LEFT(SHA2(CONCAT_WS(',',${fields.join(',')}),256),16),16,10) AS UNSIGNED)`;
}

/**
 * Text in digits, hexadecimal digits and punctuation, or NULL. What no dump in text can carry is left out on purpose:
 * the last bits of a FLOAT, the sign of a zero, and whether an ENUM's empty string is a member or stands for an error.
 */
function canonical({ name, dataType, characterSet = '', hashed = false }: DigestColumn): string {
  const column = quoteIdentifier(name);
  if (plainTypes.has(dataType)) return `CONCAT(${column})`;
  if (dataType === 'float' || dataType === 'double') return `IF(${column}=0,'0',CONCAT(${column}))`;
  if (dataType === 'bit') return `CONCAT(${column}+0)`;
  if (dataType === 'json') return `SHA2(CAST(${column} AS CHAR),256)`;
  if (ambiguousCharacterSets.has(characterSet)) return ambiguousText(column);
  // The bytes of the column's own character set: a conversion would let through what was replaced by question marks.
  return shortTypes.has(dataType) && !hashed ? `HEX(${column})` : `SHA2(${column},256)`;
}

/** A letter that the conversion had to replace by a question mark shows in the length. */
function ambiguousText(column: string): string {
  return `CONCAT(LENGTH(${column}),':',IFNULL(SHA2(CONVERT(${column} USING utf8mb4),256),''))`;
}
