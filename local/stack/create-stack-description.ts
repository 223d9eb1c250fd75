/** AWS CloudFormation on one machine: DescribeStacks of the one stack that the runtime was composed from. */
import { randomUUID } from 'node:crypto';
import { AwsError, notImplemented } from '../endpoint/aws-error.ts';
import type { QueryHandler } from '../endpoint/handlers.ts';
import { element } from '../endpoint/xml.ts';

export interface StackDescription {
  readonly stackName: string;
  readonly stackId: string;
  /** As CloudFormation spells it: `CREATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason?: string | undefined;
  readonly createdAt: Date;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Source: AWS CloudFormation API Reference, "DescribeStacks". A stack is found by its name or its id. */
export function createStackDescription(describe: () => readonly StackDescription[]): QueryHandler {
  return (operation, parameters) =>
    Promise.resolve().then(() => {
      if (operation !== 'DescribeStacks') throw notImplemented('CloudFormation', operation);
      const wanted = parameters.get('StackName');
      const found = describe().filter(({ stackName, stackId }) => wanted === null || wanted === stackName || wanted === stackId);
      if (wanted !== null && found.length === 0) throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
      return (
        '<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">' +
        `<DescribeStacksResult><Stacks>${found.map(memberOf).join('')}</Stacks></DescribeStacksResult>` +
        `<ResponseMetadata>${element('RequestId', randomUUID())}</ResponseMetadata></DescribeStacksResponse>`
      );
    });
}

function memberOf(stack: StackDescription): string {
  const outputs = Object.entries(stack.outputs).map(
    ([key, value]) => `<member>${element('OutputKey', key)}${element('OutputValue', value)}</member>`,
  );
  const fields = [
    element('StackName', stack.stackName),
    element('StackId', stack.stackId),
    element('CreationTime', stack.createdAt.toISOString()),
    element('StackStatus', stack.status),
    element('StackStatusReason', stack.statusReason),
    `<Outputs>${outputs.join('')}</Outputs>`,
  ];
  return `<member>${fields.join('')}</member>`;
}
