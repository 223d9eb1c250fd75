/** What a simulated run costs: the amounts of each thing that AWS bills, times its price. */
import { smallestPartBytes } from '../../containers/dump/dump-database.ts';
import { type Measured, readMeasured } from '../count/counts.ts';
import { readUnits } from '../count/item-size.ts';
import type { Simulated } from '../simulation/simulate.ts';
import { type PriceName, prices } from './prices.ts';

export interface CostLine {
  readonly service: string;
  readonly what: string;
  readonly amount: number;
  readonly price: PriceName;
  readonly dollars: number;
}

/** Beside what was counted and simulated. */
export const costAssumptions = {
  dumpsKeptDays: 30,
  logBytesOfTask: 1_000,
  logBytesOfInvocation: 600,
  /** Lambda bills whole milliseconds; a gate call with its MySQL round trip. */
  gateMegabytes: 512,
  selectMegabytes: 2_048,
  /** ecr.api, ecr.dkr, logs, secretsmanager, states, kms; S3 and DynamoDB have gateway endpoints, which are free. */
  interfaceEndpoints: 6,
  zones: 2,
  imageMegabytes: 150,
  /** Share of its quota's time that the writer works at this capacity. */
  auroraCapacityUnits: 64,
  /** Aurora bills 4 KiB of redo as one request at most; rows, indexes and the dictionary write more than the SQL. */
  auroraBytesOfRequest: 4_096,
  auroraWriteFactor: 3,
} as const;

const [gigabyte, secondsOfHour, daysOfMonth] = [1e9, 3_600, 30];

export function costOf(simulated: Simulated, measured: Measured = readMeasured()): CostLine[] {
  return [...workflow(simulated, measured), ...tasks(simulated), ...storage(simulated, measured), ...records(simulated, measured), ...surroundings(simulated, measured), ...target(simulated)];
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((total, { dollars }) => total + dollars, 0);
}

/** Image downloads and everything else through a NAT gateway, where there are no endpoints. */
export function natAlternative(simulated: Simulated): CostLine[] {
  const { zones, imageMegabytes } = costAssumptions;
  return [
    line('VPC', 'NAT gateways instead of endpoints', hours(simulated) * zones, 'natHour'),
    line('VPC', `images of ${imageMegabytes} MB through them`, (simulated.tasks * imageMegabytes) / 1_000, 'natGigabyte'),
  ];
}

function workflow({ settings, totals, lambdaSeconds }: Simulated, { perRun }: Measured): CostLine[] {
  const { gateMegabytes, selectMegabytes } = costAssumptions;
  const selecting = settings.databases / settings.registerRate + 10;
  return [
    // One more for each execution's start: the pricing page counts it in its examples.
    line('Step Functions', 'transitions', totals.transitions + perRun.stateTransitions + settings.databases + 1, 'stateTransition'),
    line('Lambda', 'invocations', totals.gateCalls + perRun.lambdaInvocations, 'lambdaRequest'),
    line('Lambda', 'GB-seconds', (lambdaSeconds * gateMegabytes + selecting * selectMegabytes) / 1_024, 'lambdaGigabyteSecond'),
  ];
}

function tasks({ settings, billedTaskSeconds }: Simulated): CostLine[] {
  const billedHours = billedTaskSeconds / secondsOfHour;
  return [
    line('Fargate', 'vCPU-hours', billedHours * settings.taskVcpus, 'fargateVcpuHour'),
    line('Fargate', 'GB-hours', billedHours * settings.taskGigabytes, 'fargateGigabyteHour'),
  ];
}

function storage({ settings, sqlBytes }: Simulated, { perDatabase, dumpBytes, sqlBytes: smallSql }: Measured): CostLine[] {
  const compressed = (sqlBytes * dumpBytes) / smallSql;
  const puts = settings.databases * perDatabase.s3Puts + compressed / smallestPartBytes;
  return [
    line('S3', 'PUT, POST, LIST', puts, 's3Put'),
    line('S3', 'GET', settings.databases * perDatabase.s3Gets, 's3Get'),
    line('S3', `GB-months of dumps, kept ${costAssumptions.dumpsKeptDays} days`, (compressed / gigabyte) * (costAssumptions.dumpsKeptDays / daysOfMonth), 's3GigabyteMonth'),
    line('EventBridge', 'events of objects', puts, 'eventBridgeEvent'),
  ];
}

function records({ settings, totals, peaks }: Simulated, { perDatabase, holderBytes, emptySlotsBytes }: Measured): CostLine[] {
  const writes = totals.recordUnits + totals.indexUnits + totals.slotUnits + totals.sourcePollUnits;
  const slotsBytes = emptySlotsBytes + peaks.targetSlots * holderBytes;
  const reads = settings.databases * perDatabase.recordReadUnits + totals.gateCalls * readUnits(slotsBytes, true);
  return [line('DynamoDB', 'write units, table and index', writes, 'dynamodbWriteUnit'), line('DynamoDB', 'read units', reads, 'dynamodbReadUnit')];
}

function surroundings(simulated: Simulated, { perDatabase }: Measured): CostLine[] {
  const { tasks: taskCount, settings, totals, sqlBytes } = simulated;
  const { logBytesOfTask, logBytesOfInvocation, interfaceEndpoints, zones } = costAssumptions;
  const logged = (taskCount * logBytesOfTask + totals.gateCalls * logBytesOfInvocation) / gigabyte;
  const objects = settings.databases * (perDatabase.s3Puts + perDatabase.s3Gets);
  return [
    line('Secrets Manager', 'requests, one for each task', taskCount, 'secretsRequest'),
    line('KMS', 'requests: each secret, each object', taskCount + objects, 'kmsRequest'),
    line('CloudWatch Logs', 'GB', logged, 'logsGigabyte'),
    line('VPC', `${interfaceEndpoints} interface endpoints in ${zones} zones, hours`, hours(simulated) * interfaceEndpoints * zones, 'endpointHour'),
    line('VPC', 'GB through them', logged, 'endpointGigabyte'),
    line('VPC', 'GB of SQL between zones: source to task, task to target', (2 * sqlBytes) / gigabyte, 'betweenZonesGigabyte'),
  ];
}

function target(simulated: Simulated): CostLine[] {
  const { auroraCapacityUnits, auroraBytesOfRequest, auroraWriteFactor } = costAssumptions;
  return [
    line('Aurora', `ACU-hours at ${auroraCapacityUnits} ACU`, hours(simulated) * auroraCapacityUnits, 'auroraCapacityUnitHour'),
    line('Aurora', 'I/O requests', (simulated.sqlBytes * auroraWriteFactor) / auroraBytesOfRequest, 'auroraRequest'),
  ];
}

/** Begun hours. */
function hours({ makespanSeconds }: Simulated): number {
  return Math.ceil(makespanSeconds / secondsOfHour);
}

function line(service: string, what: string, amount: number, price: PriceName): CostLine {
  return { service, what, amount, price, dollars: amount * prices[price].dollars };
}
