/** Every way of the product to a server. Each logs in once, reads a row of `shop.orders`, and lets go; what fails has a name. */
import assert from 'node:assert/strict';
import { AssessmentConnection } from '../../../cli/assess/source-connection.ts';
import { openSession } from '../../../cli/server-session.ts';
import { MysqlSession } from '../../../containers/common/mysql-session.ts';
import { withOptionFile } from '../../../containers/dump/client-programs.ts';
import { mainOptions, Mysqldump } from '../../../containers/dump/mysqldump.ts';
import { serverFailure } from '../../../core/mysql-failures.ts';
import type { ServerAccess } from '../../../core/server-access.ts';
import { connectServer } from '../../../functions/shared/server-connection.ts';

export type LogIn = (access: ServerAccess) => Promise<void>;

const { signal } = new AbortController();
const readOrder = 'SELECT id FROM shop.orders';
const orders = [{ id: 1 }];

/** @param searchPath where mysqldump is */
export function logins(searchPath: string): Readonly<Record<string, LogIn>> {
  return {
    'a function': async (access) => {
      const connection = await connectServer('source', access);
      assert.deepEqual((await connection.query(readOrder))[0], orders);
      connection.destroy();
    },
    'a command': async (access) => {
      const session = await openSession('source', access);
      assert.deepEqual(await session.query(readOrder), orders);
      await session.close();
    },
    'an assessment': async (access) => {
      const connection = new AssessmentConnection('source', access);
      assert.deepEqual(await connection.query(readOrder), orders);
      connection.close();
    },
    'a task': (access) => openTask(access, false),
    'a task that sends bytes': (access) => openTask(access, true),
    mysqldump: (access) =>
      withOptionFile(access, async (optionFile, password) => {
        const options = mainOptions({ database: 'shop', allTransactional: true });
        const dump = new Mysqldump({ optionFile, password, options, database: 'shop', tables: [], searchPath, signal });
        let text = '';
        for await (const chunk of dump.output()) text += chunk.toString();
        assert.match(text, /INSERT INTO `orders` VALUES \(1\)/);
      }),
  };
}

async function openTask(access: ServerAccess, bytes: boolean): Promise<void> {
  const session = await MysqlSession.open(access, { signal, bytes }).catch((error: unknown) => {
    throw serverFailure('source', access, error);
  });
  assert.deepEqual(await session.query(readOrder), orders);
  await session.close();
}
