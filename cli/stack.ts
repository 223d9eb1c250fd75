/** The deployed stack as CloudFormation describes it, and whether a command may use it as it stands. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { FerryError } from '../core/errors.ts';

export interface Stack {
  readonly name: string;
  /** As CloudFormation spells it: `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
}

const prefix = 'aurora-ferry-';

export function stackNameOf(stage: string): string {
  return `${prefix}${stage}`;
}

/** @returns undefined when this account and region have no such stack; @throws what the SDK throws */
export async function describeStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack === undefined) return undefined;
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const);
    return { name, status: stack.StackStatus ?? 'UNKNOWN', statusReason: stack.StackStatusReason, outputs: Object.fromEntries(outputs) };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

/**
 * `settled`: what was deployed last is there, whole. `unsettled`: an earlier deployment works, and another one is under way or
 * stuck half-way. `absent`: nothing works, or will soon not.
 */
export type Standing = 'settled' | 'unsettled' | 'absent';

const settled = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE']);

/** Source: AWS CloudFormation User Guide, "Stack status codes": a name that begins with UPDATE or IMPORT had a stack before it. */
export function standingOf(status: string): Standing {
  if (settled.has(status)) return 'settled';
  return /^(UPDATE|IMPORT)_/.test(status) ? 'unsettled' : 'absent';
}

/** What a command is about to do: to look at what is there, or to set work in motion. */
export type Purpose = 'look' | 'work';

/** @throws FerryError StackNotReady for a stack that is not, or not wholly, deployed; looking at a half-updated one is allowed */
export function requireStanding(stack: Stack, purpose: Purpose): void {
  const standing = standingOf(stack.status);
  if (standing === 'settled' || (standing === 'unsettled' && purpose === 'look')) return;
  throw new FerryError('StackNotReady', `The stack ${stack.name} is in ${stack.status}${describeReason(stack)}.`);
}

export function describeReason({ statusReason }: Stack): string {
  return statusReason === undefined || statusReason === '' ? '' : ` (${statusReason.replace(/\.$/, '')})`;
}

/** What every command needs of a stack's outputs. */
const outputsSchema = z.object({ StateMachineArn: z.string(), TableName: z.string(), BucketName: z.string() });

export interface StackOutputs {
  readonly stateMachineArn: string;
  readonly tableName: string;
  readonly bucketName: string;
}

/** @throws FerryError StackOutdated that names what is missing */
export function readOutputs(outputs: Readonly<Record<string, string>>, where: string): StackOutputs {
  const parsed = outputsSchema.safeParse(outputs);
  if (!parsed.success) {
    const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new FerryError('StackOutdated', `${where} has no output ${missing}: another version of Aurora Ferry deployed it.`);
  }
  return { stateMachineArn: parsed.data.StateMachineArn, tableName: parsed.data.TableName, bucketName: parsed.data.BucketName };
}
