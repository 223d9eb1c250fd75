/** AWS's own managed policies that a role of the stack may name. Source: AWS Managed Policy Reference Guide. */
import type { Json } from '../stepfunctions/language/json.ts';
import { PolicyFlaw } from './policy-flaw.ts';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const actionsByName: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': logs,
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    ...logs,
    ...['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface'],
    ...['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
  ],
  'AWSXRayDaemonWriteAccess': [
    ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    'xray:GetSamplingStatisticSummaries',
  ],
};

/** @throws PolicyFlaw for one that is not known here */
export function managedPolicy(arn: string): { readonly name: string; readonly document: Json } {
  const name = arn.slice(arn.indexOf(':policy/') + ':policy/'.length);
  const actions = Object.hasOwn(actionsByName, name) ? actionsByName[name] : undefined;
  if (actions === undefined) throw new PolicyFlaw(`the managed policy ${arn} is not known to the local runtime`);
  return { name, document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }] } };
}
