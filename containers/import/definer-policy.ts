/** Which accounts the target has, for an operator who has named a replacement of missing definers. */
import { FerryError } from '../../core/errors.ts';
import { quoteIdentifier } from '../../core/names.ts';
import { serverFailure } from '../../core/mysql-failures.ts';
import { bytesAsText } from '../common/mysql-session.ts';
import type { TaskContext } from '../common/task.ts';
import type { DefinerPolicy } from './rewrite/rule.ts';
import { connectTarget } from './target.ts';
import type { TargetTask } from './target.ts';

/**
 * Undefined without `--definer`: then no account is asked for.
 * @throws FerryError ImportRejected when the replacement itself is not on the target; what `connectTarget` throws
 */
export async function readDefinerPolicy(context: TaskContext, target: TargetTask): Promise<DefinerPolicy | undefined> {
  const { definer } = target.conversion;
  if (definer === undefined) return undefined;
  const accounts = await context.stopwatch.time('accounts', () => readAccounts(context, target));
  const [user, host] = partsOf(definer);
  if (!accounts.has(key(user, host))) {
    throw new FerryError('ImportRejected', `The account ${definer}, named with --definer, is not on the target: create it there first.`);
  }
  return {
    isOnTarget: (name, address) => accounts.has(key(Buffer.from(name, 'latin1').toString('utf8'), address)),
    replacement: bytesAsText(`${quoteIdentifier(user)}@${quoteIdentifier(host)}`),
  };
}

async function readAccounts(context: TaskContext, target: TargetTask): Promise<ReadonlySet<string>> {
  const session = await connectTarget(target, context);
  try {
    await session.execute('SET NAMES utf8mb4');
    const rows = await session.query<{ user: string; host: string }>('SELECT User AS user, Host AS host FROM mysql.user');
    return new Set(rows.map(({ user, host }) => key(user, host)));
  } catch (error) {
    throw serverFailure('target', target.access, error);
  } finally {
    await session.close();
  }
}

/** Of `user@host`, each part quoted or not. */
function partsOf(account: string): [string, string] {
  const at = account.lastIndexOf('@');
  return [unquoted(account.slice(0, at)), unquoted(account.slice(at + 1))];
}

function unquoted(part: string): string {
  return /^(['"`])([\s\S]*)\1$/.exec(part)?.[2] ?? part;
}

/** User names differ by case, host names do not. */
function key(user: string, host: string): string {
  return `${user}@${host.toLowerCase()}`;
}
