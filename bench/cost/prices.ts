/**
 * What AWS charges: us-east-1, in US dollars, On-Demand, without free tiers. AWS could not be asked: check each on its
 * pricing page before relying on it. `checked` are those that a page of 2024 to 2026 confirmed; the others are from memory.
 */
export interface Price {
  readonly dollars: number;
  readonly per: string;
  /** The service's pricing page: https://aws.amazon.com/<page>/pricing/. */
  readonly page: string;
  readonly checked: boolean;
}

export const pricedAt = { region: 'us-east-1', date: '2026-11' } as const;

export const prices = {
  stateTransition: { dollars: 0.025 / 1_000, per: 'state transition, Standard workflow', page: 'step-functions', checked: true },
  lambdaRequest: { dollars: 0.2 / 1e6, per: 'invocation', page: 'lambda', checked: false },
  lambdaGigabyteSecond: { dollars: 0.0000133334, per: 'GB-second of Lambda, arm64', page: 'lambda', checked: false },
  fargateVcpuHour: { dollars: 0.03238, per: 'vCPU-hour, Linux on ARM, a minute at least', page: 'fargate', checked: true },
  fargateGigabyteHour: { dollars: 0.00356, per: 'GB-hour, Linux on ARM', page: 'fargate', checked: true },
  s3Put: { dollars: 0.005 / 1_000, per: 'S3 PUT, POST, LIST', page: 's3', checked: false },
  s3Get: { dollars: 0.0004 / 1_000, per: 'S3 GET', page: 's3', checked: false },
  s3GigabyteMonth: { dollars: 0.023, per: 'GB-month in S3 Standard', page: 's3', checked: false },
  eventBridgeEvent: { dollars: 1 / 1e6, per: 'S3 event that EventBridge is given', page: 'eventbridge', checked: false },
  dynamodbWriteUnit: { dollars: 0.625 / 1e6, per: 'write request unit', page: 'dynamodb', checked: true },
  dynamodbReadUnit: { dollars: 0.125 / 1e6, per: 'read request unit', page: 'dynamodb', checked: true },
  secretsRequest: { dollars: 0.05 / 10_000, per: 'Secrets Manager request', page: 'secrets-manager', checked: false },
  kmsRequest: { dollars: 0.03 / 10_000, per: 'KMS request', page: 'kms', checked: false },
  logsGigabyte: { dollars: 0.5, per: 'GB taken in by CloudWatch Logs', page: 'cloudwatch', checked: false },
  endpointHour: { dollars: 0.01, per: 'interface endpoint, zone and hour', page: 'privatelink', checked: false },
  endpointGigabyte: { dollars: 0.01, per: 'GB through an interface endpoint', page: 'privatelink', checked: false },
  natHour: { dollars: 0.045, per: 'NAT gateway and hour', page: 'vpc', checked: false },
  natGigabyte: { dollars: 0.045, per: 'GB through a NAT gateway', page: 'vpc', checked: false },
  betweenZonesGigabyte: { dollars: 0.02, per: 'GB between zones, both directions together', page: 'ec2', checked: false },
  auroraCapacityUnitHour: { dollars: 0.12, per: 'ACU-hour, Aurora Serverless v2 Standard', page: 'rds/aurora', checked: false },
  auroraRequest: { dollars: 0.2 / 1e6, per: 'I/O request, Aurora Standard', page: 'rds/aurora', checked: false },
} as const satisfies Readonly<Record<string, Price>>;
export type PriceName = keyof typeof prices;

/** Small ones by the million. */
export function priceText(name: PriceName): string {
  const { dollars } = prices[name];
  return dollars < 0.001 ? `${Number((dollars * 1e6).toPrecision(6))} a million` : String(dollars);
}
