/** Statements for people to read, whatever character set their bytes are in. */
import { textOfBytes } from '../../common/mysql-session.ts';

/** By the names of the WHATWG Encoding Standard, where it has the character set of MySQL. */
const encodings: Readonly<Record<string, string>> = {
  ...{ latin1: 'windows-1252', latin2: 'iso-8859-2', latin5: 'windows-1254', latin7: 'iso-8859-13' },
  ...{ greek: 'iso-8859-7', hebrew: 'iso-8859-8', cp866: 'ibm866', macroman: 'macintosh', tis620: 'windows-874' },
  ...{ cp1250: 'windows-1250', cp1251: 'windows-1251', cp1256: 'windows-1256', cp1257: 'windows-1257' },
  ...{ koi8r: 'koi8-r', koi8u: 'koi8-u' },
  ...{ sjis: 'shift_jis', cp932: 'shift_jis', ujis: 'euc-jp', eucjpms: 'euc-jp' },
  ...{ euckr: 'euc-kr', gb2312: 'gbk', gbk: 'gbk', gb18030: 'gb18030', big5: 'big5' },
};

/** @param sql each character is a byte */
export function readableText(sql: string, characterSet = ''): string {
  const encoding = encodings[characterSet.toLowerCase()];
  if (encoding === undefined || !/[\x80-\xff]/.test(sql)) return textOfBytes(sql);
  return new TextDecoder(encoding).decode(Buffer.from(sql, 'latin1'));
}
