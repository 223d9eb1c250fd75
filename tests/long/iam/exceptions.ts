/**
 * What the roles are allowed although no test on one machine sees it called, each with its reason. The test fails for an
 * entry that is used after all, or that nothing allows any more.
 */
export interface Exception {
  /** Logical ids; every role when left out. */
  readonly roles?: readonly string[];
  readonly actions: readonly string[];
  /** A part of the statement's name or of the resource's pattern, where the actions alone say too little. */
  readonly about?: string;
  readonly reason: string;
}

/**
 * Actions that can only be allowed on `*`: they know no resources.
 * Source: Service Authorization Reference, the tables of actions of each service.
 */
export const withoutResources = [
  /^ec2:Describe/,
  /^ecr:GetAuthorizationToken$/,
  /^logs:(?:Create|Get|Update|Delete)LogDelivery$/,
  /^logs:(?:ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/,
  /^xray:/,
  /^servicequotas:/,
  /^ecs:DescribeTaskDefinition$/,
];

export const exceptions: readonly Exception[] = [
  {
    roles: ['StateMachineRole'],
    actions: [
      ...['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries'],
      ...['logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups'],
    ],
    reason: "Step Functions delivers the machine's log with its role",
  },
  {
    roles: ['StateMachineRole'],
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    reason: "Step Functions traces with the machine's role",
  },
  {
    roles: ['StateMachineRole'],
    actions: ['s3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
    about: '/passes/',
    reason: 'Step Functions writes large Map results in parts',
  },
  {
    roles: ['StateMachineRole'],
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    about: ':execution:aurora-ferry-dev:*',
    reason: "the Developer Guide names a Map Run's children so; their ARNs have the Map's label",
  },
  {
    roles: ['StateMachineRole'],
    actions: ['s3:ListBucket'],
    reason: 'tells a report that is missing after a success (TaskCrashed) from one that may not be read; no program of ours leaves none',
  },
  {
    actions: ['ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
    reason: 'Lambda disconnects a function from its VPC with them',
  },
  {
    actions: ['kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    about: 'UseKeyForRecords',
    reason: "the DynamoDB Developer Guide asks for them for users of a table with a customer's key, without saying when each is called",
  },
  {
    roles: ['RecordAbortedBranchRole', 'RegisterDumpRole'],
    actions: ['sqs:SendMessage'],
    reason: 'Lambda sends on what the function failed on to the last try',
  },
  {
    roles: ['Operator'],
    actions: ['servicequotas:GetServiceQuota', 'servicequotas:ListServiceQuotas', 'ecr:DescribeImages'],
    reason: '`ferry doctor` asks on AWS; the local runtime has neither quotas nor images',
  },
  {
    roles: ['Operator'],
    actions: ['ecs:StopTask'],
    reason: '`ferry doctor` stops its task when it is interrupted',
  },
];
