/** AWS's quotas, what a fleet needs of each, what Ferry does about it, and what to ask AWS for. */
import { longestDelaySeconds, delaySeconds } from '../../functions/check-aurora-connections/grant-slot.ts';
import { defaults } from '../../core/contracts.ts';
import { smallestPartBytes, largestPartBytes } from '../../containers/dump/dump-database.ts';
import type { Measured } from '../count/counts.ts';
import { readLaunchRetry } from '../simulation/definition.ts';
import { duration, gigabytes, thousands } from '../simulation/describe.ts';
import type { Simulated } from '../simulation/simulate.ts';
import { mostHolders, slotsItem } from './slots-item.ts';

export interface Quota {
  readonly quota: string;
  readonly standard: string;
  /** At the settings that docs/limits.md recommends. */
  readonly few: string;
  readonly many: string;
  readonly answer: string;
  readonly ask: string;
  readonly source: string;
}

export interface Fleets {
  readonly measured: Measured;
  readonly few: Simulated;
  readonly many: Simulated;
}

/** Not found in a page that could be read: from memory. */
const unverified = 'unverified';
const nothing = 'nothing';
const guide = { steps: 'Step Functions, *Service quotas*', ecs: 'ECS, *Fargate throttling quotas*', dynamodb: 'DynamoDB, *Partition key design*' } as const;

export function quotaGroups(fleets: Fleets): ReadonlyMap<string, readonly Quota[]> {
  return new Map([
    ['Step Functions', stepFunctions(fleets)],
    ['Fargate and ECS', fargate(fleets)],
    ['DynamoDB', dynamodb(fleets)],
    ['S3, messages and logs', storage(fleets)],
    ['Network, secrets and keys', network(fleets)],
    ['Aurora and the source', servers(fleets)],
  ]);
}

function stepFunctions({ measured, few, many }: Fleets): Quota[] {
  const { perDatabase, perGatePoll, historyEventsOfBranch } = measured;
  const polls = Math.floor((25_000 - historyEventsOfBranch) / perGatePoll.historyEvents);
  return [
    {
      quota: 'children of a Map Run at once', standard: '10,000, hard', few: thousands(few.peaks.inFlight), many: thousands(many.peaks.inFlight),
      answer: `\`--max-concurrency\`, ${defaults.maxConcurrency} unless given`, ask: nothing, source: guide.steps,
    },
    {
      quota: 'children started a second', standard: '100', few: `${Math.ceil(4_000 / 100)} s in all`, many: `${Math.ceil(50_000 / 100)} s in all`,
      answer: 'the first seconds only; then as fast as branches end', ask: nothing, source: 'Step Functions, *Map state in Distributed mode*',
    },
    {
      quota: 'state transitions: bucket and refill a second', standard: '5,000 in us-east-1, us-west-2, eu-west-1; 800 elsewhere; less in new accounts',
      few: `${few.peaks.transitionsPerSecond.toFixed(0)} a second at most`, many: `${many.peaks.transitionsPerSecond.toFixed(0)} a second at most`,
      answer: `${perDatabase.stateTransitions} for a database, ${perGatePoll.stateTransitions} for a refusal at the gate; branches that wait for a slot on the source wait in their container`,
      ask: 'in a new account: see ExecutionThrottled after a rehearsal', source: guide.steps,
    },
    {
      quota: 'StartExecution', standard: '1,300 and 300 a second; 800 and 150 elsewhere', few: '1 for the run', many: '1 for the run',
      answer: 'children of a Map Run have their own rate', ask: nothing, source: guide.steps,
    },
    {
      quota: 'open executions', standard: '1,000,000', few: thousands(few.peaks.inFlight + 1), many: thousands(many.peaks.inFlight + 1), answer: '-', ask: nothing, source: guide.steps,
    },
    {
      quota: 'history events of an execution', standard: '25,000, hard', few: `${historyEventsOfBranch} a branch`, many: `${historyEventsOfBranch} a branch`,
      answer: `each branch has its own history; a gate that stays shut is asked about ${thousands(polls)} times before it is full, which takes ${thousands(gateHours(polls))} hours because the pauses grow to ${longestDelaySeconds / 60} minutes. The run's own has ${measured.perRun.historyEvents} events and some ten more for each pass`,
      ask: nothing, source: guide.steps,
    },
    {
      quota: 'payload between states, input', standard: '256 KiB, hard', few: 'list in S3', many: 'list in S3',
      answer: `\`ferry start\` puts a long list in S3; a branch's input has ${measured.inputBytes} bytes, a report ${measured.reportBytes}; results go to S3 by the ResultWriter`,
      ask: nothing, source: guide.steps,
    },
    { quota: 'name of an execution', standard: '80 characters, unique for 90 days', few: '-', many: '-', answer: "runs are named by `ferry start`, branches by Step Functions; databases' names are never part of one", ask: nothing, source: 'Step Functions API, *StartExecution*' },
    {
      quota: 'redrive', standard: '14 days after the end, 1,000 times a Map Run, hard', few: '-', many: '-',
      answer: 'HoldForRedrive begins a new Map Run for each redrive; later than that, a new run of the same migration resumes from the records', ask: nothing, source: 'Step Functions, *Redriving executions*',
    },
    {
      quota: 'DescribeExecution', standard: '300 and 15 a second; 250 and 10 elsewhere', few: '1 for the run', many: '1 for the run',
      answer: 'a gate looks for dead holders every ten seconds at most, at five of them', ask: nothing, source: guide.steps,
    },
    {
      quota: 'Lambda: concurrent executions', standard: '1,000; new accounts may have 10', few: lambdas(few), many: lambdas(many),
      answer: 'the gate answers in a fraction of a second; TooManyRequestsException is tried again', ask: '100 where the account has 10', source: 'Lambda, *Scaling behavior*; 10: ' + unverified,
    },
  ];
}

function fargate({ few, many }: Fleets): Quota[] {
  const retry = readLaunchRetry();
  return [
    {
      quota: 'Fargate On-Demand vCPUs', standard: '**6**; raised with use', few: `**${thousands(few.peaks.vcpus)}**`, many: `**${thousands(many.peaks.vcpus)}**`,
      answer: `a task has ${few.settings.taskVcpus} vCPU; a refused launch is tried ${retry.maxAttempts} times more, then the database is held (CapacityUnavailable), without spending a try, for \`--hold-minutes\`. With a quota below \`--max-concurrency\` a run takes longer, and **with a very small one databases are dead-lettered**`,
      ask: '**as many vCPUs as `--max-concurrency`, days before the night**', source: 'AWS General Reference, *Amazon ECS endpoints and quotas*',
    },
    {
      quota: 'Fargate launches', standard: '100 at once, 20 a second', few: launchFloor(few), many: launchFloor(many),
      answer: 'two tasks for a database: 10 databases a second at best', ask: 'for 50,000 in an hour: 100 a second', source: guide.ecs,
    },
    { quota: 'RunTask calls', standard: '20 a second, burst the same', few: `${thousands(few.tasks)} calls`, many: `${thousands(many.tasks)} calls`, answer: 'one task a call, because a state starts one task', ask: 'the same as launches', source: guide.ecs },
    {
      quota: 'DescribeTasks', standard: `100 and 20 a second (${unverified})`, few: '-', many: '-',
      answer: 'Step Functions hears of a task\'s end by an event and polls beside it, with the account\'s quota', ask: nothing, source: 'Step Functions, *Discover service integration patterns*',
    },
    {
      quota: 'images pulled from ECR', standard: `2,000 layer requests a second or more (${unverified})`, few: `${thousands(few.tasks)} pulls`, many: `${thousands(many.tasks)} pulls`,
      answer: 'each Fargate task pulls its image: keep it small, in the same region, with endpoints', ask: nothing, source: unverified,
    },
    { quota: 'environment given to a task', standard: '8,192 characters', few: 'some 500', many: 'some 500', answer: 'names and one ARN; never a secret', ask: nothing, source: 'ECS API, *RunTask*' },
  ];
}

function dynamodb({ measured, few, many }: Fleets): Quota[] {
  const { perDatabase, recordBytes, indexBytes } = measured;
  return [
    {
      quota: 'write units of a partition', standard: '1,000 a second', few: `${few.peaks.tableWriteUnits.toFixed(0)} at most`, many: `${many.peaks.tableWriteUnits.toFixed(0)} at most`,
      answer: `all items of a migration have the partition key \`migration\`; ${few.peaks.slotWriteUnits.toFixed(0)} of the ${few.peaks.tableWriteUnits.toFixed(0)} are the slots items: see below`,
      ask: 'not adjustable', source: guide.dynamodb,
    },
    {
      quota: 'write units of a partition of the index', standard: '1,000 a second', few: `${few.peaks.indexWriteUnits.toFixed(0)} at most`, many: `${many.peaks.indexWriteUnits.toFixed(0)} at most`,
      answer: `the index \`by-state\` has \`migration\` as its partition key too; each change of state is a delete and a put: ${perDatabase.indexWriteUnits} units for a database. An index that is throttled throttles the table`,
      ask: 'not adjustable', source: 'DynamoDB, *Using Global Secondary Indexes*, *GSI write throttling and back pressure*',
    },
    {
      quota: 'read units of a partition', standard: '3,000 a second', few: `${(few.peaks.gateCallsPerSecond * slotsItem(measured, few.peaks.targetSlots).readUnits).toFixed(0)} at most for the gate`,
      many: `${(many.peaks.gateCallsPerSecond * slotsItem(measured, many.peaks.targetSlots).readUnits).toFixed(0)} at most for the gate`,
      answer: `\`ferry status\` reads the whole index: ${thousands((4_000 * indexBytes) / 8_192)} units for 4,000 databases, ${thousands((50_000 * indexBytes) / 8_192)} for 50,000, in a fifth of the time at most when it watches`,
      ask: 'not adjustable', source: guide.dynamodb,
    },
    {
      quota: 'a new on-demand table', standard: '4,000 write and 12,000 read units a second', few: 'less than one partition gives', many: 'less than one partition gives',
      answer: 'registering is the peak: 64 records are written at once; DynamoDB keeps up to five minutes of unused capacity, and refused writes are tried again', ask: nothing, source: 'DynamoDB, *On-demand capacity mode*, *Burst and adaptive capacity*',
    },
    {
      quota: 'bytes of an item', standard: '400 KB', few: `${(slotsItem(measured, few.peaks.targetSlots).bytes / 1_024).toFixed(0)} KiB of slots`, many: `${(slotsItem(measured, many.peaks.targetSlots).bytes / 1_024).toFixed(0)} KiB of slots`,
      answer: `a verified record has ${thousands(recordBytes)} bytes, and less than 1 KiB more for each retry or pass, of which it keeps 60 when a pass begins (older ones stand in items of their own); slots hold ${thousands(mostHolders(measured))} holders at most, whatever \`--max-connections\` says`,
      ask: 'hard', source: 'DynamoDB, *Quotas in Amazon DynamoDB*',
    },
  ];
}

function storage({ measured, few, many }: Fleets): Quota[] {
  const { perDatabase } = measured;
  const rate = (fleet: Simulated, each: number): string => `${((each * fleet.verified) / fleet.makespanSeconds).toFixed(0)} a second`;
  return [
    { quota: 'S3: PUT of a prefix', standard: '3,500 a second', few: rate(few, perDatabase.s3Puts), many: rate(many, perDatabase.s3Puts), answer: `${perDatabase.s3Puts} for a database`, ask: nothing, source: 'S3, *Best practices design patterns*' },
    { quota: 'S3: GET of a prefix', standard: '5,500 a second', few: rate(few, perDatabase.s3Gets), many: rate(many, perDatabase.s3Gets), answer: `${perDatabase.s3Gets} for a database`, ask: nothing, source: 'S3, *Best practices design patterns*' },
    {
      quota: 'parts of an upload', standard: '10,000', few: gigabytes(few.largestSqlBytes) + ' of SQL the largest', many: gigabytes(many.largestSqlBytes) + ' of SQL the largest',
      answer: `parts of ${mebibytes(smallestPartBytes)} MiB reach ${Math.floor((smallestPartBytes * 10_000) / 1e9)} GB compressed; the source's own figure of its size makes them larger, up to ${mebibytes(largestPartBytes)} MiB for ${Math.floor((largestPartBytes * 10_000) / 1e9)} GB`,
      ask: 'hard', source: 'S3, *Multipart upload limits*',
    },
    { quota: 'SQS and SNS: messages', standard: `nearly unlimited; 30,000 a second (${unverified})`, few: '1 each for a dead letter', many: '1 each for a dead letter', answer: 'nothing is sent for a database that is verified', ask: nothing, source: unverified },
    {
      quota: 'EventBridge: invocations', standard: '18,750 a second in us-east-1, 750 in small regions', few: 'one for a failed branch', many: 'one for a failed branch',
      answer: 'more are delivered later; the rule tries for a day', ask: nothing, source: 'EventBridge, *Quotas*',
    },
    { quota: 'managed rules', standard: '`StepFunctionsGetEventsForECSTaskRule`, one', few: '1', many: '1', answer: 'made by Step Functions at deployment', ask: nothing, source: 'Step Functions, *Amazon ECS*' },
    { quota: 'CloudWatch Logs: requests of an account', standard: `5,000 PutLogEvents a second (${unverified})`, few: `${few.peaks.launchesPerSecond.toFixed(0)} streams a second`, many: `${many.peaks.launchesPerSecond.toFixed(0)} streams a second`, answer: 'a task has one stream and writes next to nothing', ask: nothing, source: unverified },
  ];
}

function network({ few, many }: Fleets): Quota[] {
  return [
    {
      quota: 'IP addresses of the subnets', standard: 'what the subnets have', few: `**${thousands(few.peaks.vcpus)}** and a few`, many: `**${thousands(many.peaks.vcpus)}** and a few`,
      answer: 'each task takes one, and keeps it until it is gone', ask: `subnets of /23 (507 addresses) or larger, in two zones`, source: 'ECS, *Task networking for Fargate*',
    },
    { quota: 'network interfaces of a region', standard: `5,000 (${unverified})`, few: thousands(few.peaks.vcpus), many: thousands(many.peaks.vcpus), answer: 'functions in the VPC share a few', ask: nothing, source: 'VPC, *Quotas*' },
    { quota: 'GetSecretValue', standard: '10,000 a second', few: `${few.peaks.launchesPerSecond.toFixed(0)} a second`, many: `${many.peaks.launchesPerSecond.toFixed(0)} a second`, answer: 'ECS reads one secret for a task', ask: nothing, source: 'Secrets Manager, *Quotas*' },
    { quota: 'KMS: symmetric requests', standard: `10,000 a second or more by region (${unverified})`, few: 'under 100 a second', many: 'under 100 a second', answer: "with a key of one's own: each secret, and each object without a bucket key", ask: nothing, source: 'KMS, *Request quotas*' },
  ];
}

function servers({ few, many }: Fleets): Quota[] {
  return [
    {
      quota: 'Aurora: `max_connections`', standard: '1,000 on a large, 2,000 on an xlarge, 16,000 at most', few: `${few.peaks.targetSlots} and the application's`, many: `${many.peaks.targetSlots} and the application's`,
      answer: 'the gate counts all connections, also those that were granted and are not there yet', ask: 'nothing: a parameter', source: 'Aurora, *Managing performance and scaling*',
    },
    {
      quota: 'Aurora: tables', standard: 'fewer than ten thousand in an instance is the advice', few: '**120,000 at 30 a database**', many: '**1.5 million**',
      answer: 'nothing yet: plan several clusters, a migration for each', ask: '-', source: 'RDS, *Best practices*',
    },
    {
      quota: 'source: dumps at once', standard: 'what the server bears', few: String(few.settings.dumpThreads), many: String(many.settings.dumpThreads),
      answer: `\`--dump-threads\`, ${defaults.dumpThreads} unless given; a dump takes its slot after its container is up`, ask: '-', source: 'measure on the source',
    },
  ];
}

function launchFloor({ settings, tasks }: Simulated): string {
  return `${duration((tasks - settings.launchBurst) / settings.launchRate)} for ${thousands(tasks)} tasks`;
}

function lambdas({ peaks, settings }: Simulated): string {
  return `${Math.max(1, Math.ceil(peaks.gateCallsPerSecond * settings.callSeconds))} at once`;
}

function gateHours(polls: number): number {
  let seconds = 0;
  for (let poll = 0; poll < polls; poll += 1) seconds += delaySeconds(0, poll, 0.5);
  return seconds / 3_600;
}

function mebibytes(bytes: number): number {
  return bytes / 1_024 ** 2;
}
