/** XA transactions that are prepared: they wait for a COMMIT that any session may give, hours later and after a restart. */
import { errnoOf } from '../mysql-failures.ts';
import type { Query } from './facts.ts';

/** XAER_RMERR, MySQL 8 without XA_RECOVER_ADMIN; ER_SPECIFIC_ACCESS_DENIED_ERROR. */
const refused = new Set([1401, 1227]);

interface RecoverRow {
  readonly formatID: number | string;
  readonly gtrid_length: number | string;
  readonly data: string | Buffer;
}

/**
 * How each is called, as XA COMMIT takes it where the account may see that, else by the number that InnoDB gave it.
 * @throws what the server answers: 1227 where the account may do neither XA RECOVER nor read INNODB_TRX
 */
export async function readPrepared(query: Query): Promise<string[]> {
  try {
    return (await query<RecoverRow>('XA RECOVER')).map(nameOf);
  } catch (error) {
    if (!refused.has(errnoOf(error) ?? 0)) throw error;
    // A transaction without a session is one that was prepared; PROCESS lets the account see it.
    const rows = await query<{ id: number | string }>(
      `SELECT trx_id AS id FROM information_schema.INNODB_TRX
       WHERE trx_mysql_thread_id = 0 AND trx_state <> 'ROLLING BACK'`,
    );
    return rows.map(({ id }) => `InnoDB's transaction ${id}`);
  }
}

function nameOf({ formatID, gtrid_length: length, data }: RecoverRow): string {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data, 'utf8');
  const [gtrid, bqual] = [bytes.subarray(0, Number(length)), bytes.subarray(Number(length))];
  return [quoted(gtrid), ...(bqual.length === 0 && Number(formatID) === 1 ? [] : [quoted(bqual), String(formatID)])].join(',');
}

function quoted(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return /^[ -&(-[\]-~]*$/.test(text) ? `'${text}'` : `x'${bytes.toString('hex')}'`;
}
