/** Which of the databases that another one refers to are not in the migration: without them its import could not be whole. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { DatabaseFacts } from '../../core/assessment/facts.ts';
import { keyReferences, viewReferences } from '../../core/assessment/other-databases.ts';
import { databaseItem } from '../../core/names.ts';
import { textLiteral } from '../../core/sql-text.ts';
import type { MysqlSession } from '../common/mysql-session.ts';
import { withRecords } from '../common/records.ts';
import type { TaskContext } from '../common/task.ts';

/** Nothing is asked where nothing refers to others. @throws FerryError RecordsFailed; what the server answers */
export async function missingDatabases(context: TaskContext, session: MysqlSession, facts: DatabaseFacts): Promise<ReadonlySet<string>> {
  const byKeys = new Set(keyReferences(facts).map(({ other }) => other));
  const missing = new Set<string>();
  for (const name of new Set([...byKeys, ...viewReferences(facts).map(({ other }) => other)])) {
    // In a view's text a name before a dot may be another thing than a database, which the source would know.
    if (!(await isInMigration(context, name)) && (byKeys.has(name) || (await isOnSource(session, name)))) missing.add(name);
  }
  return missing;
}

async function isInMigration({ slots, task }: TaskContext, database: string): Promise<boolean> {
  const key = { migration: task.migration, item: databaseItem(database) };
  const { Item } = await withRecords('Looking for the record of a database that another refers to', () =>
    slots.client.send(new GetCommand({ TableName: slots.tableName, Key: key, ProjectionExpression: '#item', ExpressionAttributeNames: { '#item': 'item' } })),
  );
  return Item !== undefined;
}

async function isOnSource(session: MysqlSession, database: string): Promise<boolean> {
  const rows = await session.query(`SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ${textLiteral(database)}`);
  return rows.length > 0;
}
