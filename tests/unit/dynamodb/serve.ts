/** A program that serves the local DynamoDB from the file in its argument until it is killed. */
import { startDynamoDb } from './start-dynamodb.ts';

const dynamoDb = await startDynamoDb(process.argv[2]);
process.stdout.write(`${dynamoDb.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void dynamoDb.stop());
