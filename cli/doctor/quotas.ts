/** Quotas of the account, as the Service Quotas API has them. */
import type { Examination, Plan } from './examination.ts';

export interface Quota {
  readonly name: string;
  readonly value: number;
}

export function branchesAtOnce({ databases, maxConcurrency }: Plan): number {
  return Math.min(maxConcurrency, databases ?? maxConcurrency);
}

/** Undefined when the service has no quota of this code here. @throws what the SDK throws */
export async function readQuota(examination: Examination, service: string, code: string): Promise<number | undefined> {
  const { GetServiceQuotaCommand, NoSuchResourceException, ServiceQuotasClient } = await import('@aws-sdk/client-service-quotas');
  try {
    const { Quota: quota } = await new ServiceQuotasClient(await examination.configuration()).send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
    return quota?.Value;
  } catch (error) {
    if (error instanceof NoSuchResourceException) return undefined;
    throw error;
  }
}

export async function listQuotas(examination: Examination, service: string): Promise<Quota[]> {
  const { paginateListServiceQuotas, ServiceQuotasClient } = await import('@aws-sdk/client-service-quotas');
  const quotas: Quota[] = [];
  const client = new ServiceQuotasClient(await examination.configuration());
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: service })) {
    for (const { QuotaName: name, Value: value } of Quotas) if (name !== undefined && value !== undefined) quotas.push({ name, value });
  }
  return quotas;
}
