/** Findings that are accepted, each with its reason. A waiver that holds for nothing fails `npm run validate`. */
import type { Waiver } from './findings.ts';

const deploymentBucket = /^ServerlessDeploymentBucket(Policy)?$/;

export const cfnLintWaivers: readonly Waiver[] = [
  { rule: 'W3005', resources: /LambdaFunction$/, reason: 'osls writes a DependsOn on the role beside the reference to it; one of them is spare, and neither wrong.' },
  { rule: 'I1022', resources: deploymentBucket, reason: "The policy of the bucket for packages is osls's own." },
];

export const cfnGuardWaivers: readonly Waiver[] = [
  {
    rule: 'lambda_inside_vpc_check',
    resources: /LambdaFunction$/,
    reason: 'Two functions talk to MySQL and are in the VPC (the rule does not see it, because their subnets are a parameter); the others would wait for a network interface to reach nothing in it.',
  },
  {
    rule: 's3_bucket_policy_ssl_requests_only_check',
    resources: /BucketPolicy$/,
    reason: 'Both policies do refuse plain HTTP: the rule knows neither Fn::Sub nor a condition that is a boolean. A rule of our own checks it.',
  },
  { rule: 's3_bucket_logging_enabled_check', resources: /Bucket$/, reason: "An access log needs a bucket of its own; CloudTrail's data events say more, and are the account's to switch on." },
  { rule: 's3_bucket_object_lock_enabled_check', resources: /Bucket$/, reason: 'Dumps are copies of what is on the source, and are removed on purpose when a migration is over.' },
  { rule: 'dumps_are_kept_safely', resources: deploymentBucket, reason: 'No dumps are in it.' },
  { rule: 's3_bucket_default_encryption_kms_check', resources: deploymentBucket, reason: 'It is made before the key, and holds the template and the code, no data.' },
  { rule: 's3_version_lifecycle_policy_check', resources: deploymentBucket, reason: 'osls itself removes all but the last five packages.' },
  { rule: 's3_lifecycle_policy_check', resources: deploymentBucket, reason: 'osls itself removes all but the last five packages.' },
  { rule: 's3_event_notifications_enabled_check', resources: deploymentBucket, reason: 'Nothing waits for a package.' },
  { rule: 'sqs_dlq_check', resources: /Queue$/, reason: 'Both are where letters end; what takes them out is the operator.' },
  { rule: 'rds_instance_enhanced_monitoring_enabled_check', resources: /^Writer$/, reason: 'A cluster to try things on; the metrics that the dashboard shows come without it.' },
  { rule: 'rds_cluster_logging_enabled_check', resources: /^Cluster$/, reason: 'Errors and slow queries are exported; the general and the audit log would hold every statement of an import, with its data.' },
  { rule: 'rds_cluster_deletion_protection_enabled_check', resources: /^Cluster$/, reason: 'A parameter, off by default: who tries it out wants to remove it again.' },
];
