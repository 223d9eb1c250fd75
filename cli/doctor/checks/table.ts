/** Whether the table of the records can be reached by the operator, and is ready. */
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Check } from '../check.ts';
import { ok, problem } from '../finding.ts';

export const table: Check = {
  name: 'table',
  area: 'Stack',
  examine: async (examination) => {
    const { TableName } = await examination.outputs('TableName');
    const { Table } = await new DynamoDBClient(await examination.configuration()).send(new DescribeTableCommand({ TableName }));
    const states = [Table?.TableStatus, ...(Table?.GlobalSecondaryIndexes ?? []).map(({ IndexStatus }) => IndexStatus)];
    if (states.every((state) => state === 'ACTIVE')) return [ok(`${TableName} is active`)];
    return [problem(`${TableName} or its index is not active (${states.join(', ')})`, 'Branches cannot record what they do.', 'Wait until CloudFormation and DynamoDB have finished, then look again.')];
  },
};
