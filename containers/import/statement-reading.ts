/** Follows the settings of a dump, to know how the server reads each of its statements. */
import { plainReading, readingOf } from '../../core/sql-tokens.ts';
import type { Reading } from '../../core/sql-tokens.ts';

const setStatement = /^(?:\/\*M?!\d*\s*)?SET\s/i;
const sqlMode = /\bsql_mode\s*=\s*(?:'([^']*)'|@)/i;
const characterSet = /\bcharacter_set_client\s*=\s*(\w+|@)/i;
const names = /\bSET\s+NAMES\s+'?(\w+)/i;
/** Of Ferry's session and of mysqldump's header. */
const initial: Reading = { ...plainReading, characterSet: 'utf8mb4' };

export class ReadingFollower {
  #reading = initial;

  /** @returns how this statement is read; what it sets holds for the next. @param sql each character is a byte */
  follow(sql: string): Reading {
    const reading = this.#reading;
    if (setStatement.test(sql)) this.#reading = after(reading, sql);
    return reading;
  }
}

/** What is put back from a variable is what was there at first. */
function after(reading: Reading, sql: string): Reading {
  const mode = sqlMode.exec(sql);
  const client = (characterSet.exec(sql) ?? names.exec(sql))?.[1];
  const quoting = mode === null ? reading : mode[1] === undefined ? initial : readingOf(mode[1]);
  const own = client === '@' ? initial.characterSet : client;
  return { ...quoting, characterSet: own ?? reading.characterSet };
}
