import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { connectionOptions } from '../../core/server-access.ts';
import type { ServerAccess } from '../../core/server-access.ts';

/** Runs statements over one connection. @returns the rows of the last */
export async function query(access: ServerAccess, ...statements: readonly string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection(connectionOptions(access));
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
}
