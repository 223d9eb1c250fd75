/** The parts of the documents that are made of numbers. Each stands between `<!-- figures: name -->` and `<!-- end -->`. */
import { pollMilliseconds } from '../../containers/dump/freeze-keeper.ts';
import { type CostLine, costAssumptions, costOf, natAlternative, totalOf } from '../cost/cost.ts';
import { type PriceName, prices, pricedAt, priceText } from '../cost/prices.ts';
import { type Counts, meterNames, meterTitles, readMeasured } from '../count/counts.ts';
import { duration, thousands } from '../simulation/describe.ts';
import { flagOf, settings, type SettingName, settingsSchema } from '../simulation/settings.ts';
import type { Simulated } from '../simulation/simulate.ts';
import { markdownTable } from '../text-table.ts';
import { quotaGroups } from './quotas.ts';
import { type ScenarioName, scenarios, simulated } from './scenarios.ts';
import { heldSeconds, highestRate, mostHolders, slotsItem } from './slots-item.ts';

export const sections: Readonly<Record<string, () => string>> = {
  counts,
  quotas,
  slots,
  runs,
  'hour-4000': fourThousand,
  'hour-50000': fiftyThousand,
  assumptions,
  costs,
  'cost-of-runs': costOfRuns,
  'fargate-minute': fargateMinute,
  freeze,
  nat,
  prices: priceList,
  'cost-assumptions': listCostAssumptions,
};

const marker = /(<!-- figures: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The document with its sections made anew. @throws Error for a section that is not known */
export function withFigures(document: string): string {
  return document.replace(marker, (_all, start: string, name: string, end: string) => {
    const section = sections[name];
    if (section === undefined) throw new Error(`There is no section of figures named ${name}.`);
    return `${start}${section()}\n${end}`;
  });
}

function counts(): string {
  const measured = readMeasured();
  const columns: readonly Counts[] = [measured.perDatabase, measured.perGatePoll, measured.perImportRetry, measured.perDeadLetter, measured.perRun];
  const rows = meterNames.map((name) => [meterTitles[name], ...columns.map((column) => String(Math.round(column[name] * 10) / 10))]);
  return [
    markdownTable([['', 'verified database', 'refusal at the gate', 'import tried again', 'dead letter at the import', 'run'], ...rows]),
    '',
    `Counted on ${measured.measuredAt} (and timed on ${measured.timedAt}), MySQL ${measured.source} to ${measured.target}, databases of ${measured.tables} tables and ${thousands(measured.sqlBytes)} bytes of SQL (${thousands(measured.dumpBytes)} compressed). ` +
      `A record has ${thousands(measured.recordBytes)} bytes at its end and its entry in the index ${thousands(measured.indexBytes)}; a holder in a slots item has ${measured.holderBytes}.`,
  ].join('\n');
}

function quotas(): string {
  const groups = quotaGroups({ measured: readMeasured(), few: simulated('recommended'), many: simulated('manyRecommended') });
  return [...groups]
    .map(([group, rows]) => {
      const header = '| quota | default | 4,000 | 50,000 | what Ferry does | ask for | source |\n|---|---|---|---|---|---|---|';
      const lines = rows.map((row) => `| ${[row.quota, row.standard, row.few, row.many, row.answer, row.ask, row.source].join(' | ')} |`);
      return [`### ${group}`, '', header, ...lines].join('\n');
    })
    .join('\n\n');
}

function slots(): string {
  const measured = readMeasured();
  const rows = [50, 100, 200, 400, 600, 1_000, 2_000].map((holders) => {
    const item = slotsItem(measured, holders);
    return [thousands(holders), `${(item.bytes / 1_024).toFixed(0)} KiB`, String(item.writeUnits), item.writesPerSecond.toFixed(0), item.databasesPerSecond.toFixed(1)];
  });
  return [
    markdownTable([['holders', 'item', 'units of a write', 'writes a second', 'databases a second'], ...rows]),
    '',
    `A database holds its slot while a container starts, which is most of some ${heldSeconds} seconds; so more databases a second mean more holders, a larger item, and dearer writes. ` +
      `The two meet at ${highestRate(measured).toFixed(1)} databases a second, whatever the quotas. At ${thousands(mostHolders(measured))} holders the item would reach 400 KB.`,
  ].join('\n');
}

const fleets: readonly (readonly [string, readonly ScenarioName[]])[] = [
  ['4,000 databases', ['standard', 'standardPublished', 'shutGate', 'readFirst', 'recommended', 'recommendedPublished', 'slowStart', 'largestFirst', 'halfQuota', 'smallQuota']],
  ['50,000 databases', ['manyStandard', 'manyRecommended', 'manyPublished', 'manyWide', 'manySlots', 'manyRaised']],
];

function runs(): string {
  return fleets
    .map(([fleet, names]) => {
      const header = [fleet, 'done after', 'dead-lettered', 'held up mostly by', 'vCPUs', 'table units/s', 'refused for > 2 s'];
      return markdownTable([header, ...names.map(runRow)]);
    })
    .join('\n\n');
}

function runRow(name: ScenarioName): string[] {
  const run = simulated(name);
  return [
    scenarios[name].title,
    duration(run.makespanSeconds),
    thousands(run.deadLettered),
    mainBottleneck(run),
    thousands(run.peaks.vcpus),
    run.peaks.tableWriteUnits.toFixed(0),
    thousands(run.throttledWrites),
  ];
}

/** The one that lasted longest. */
function mainBottleneck({ phases }: Simulated): string {
  const lengths = new Map<string, number>();
  for (const { bottleneck, from, to } of phases) lengths.set(bottleneck, (lengths.get(bottleneck) ?? 0) + to - from);
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '-';
}

function fourThousand(): string {
  const run = simulated('recommended');
  const [slow, standard, standardSlow, slowStart] = [simulated('recommendedPublished'), simulated('standard'), simulated('standardPublished'), simulated('slowStart')];
  return [
    `Simulated, yes: in about ${minutes(run)} to ${minutes(slow)} minutes with \`--max-concurrency 400 --max-connections 400 --dump-threads 8\` and a vCPU quota of ${thousands(run.settings.vcpuQuota)}; in about ${minutes(standard)} to ${minutes(standardSlow)} with the defaults and a quota of 200. ` +
      `The first figure is with servers as fast as measured, the second with the 2.7 seconds a dump and 10.8 seconds an import that the 45-minute migration published. Were a container to take twice as long to start as assumed, ${minutes(slowStart)} minutes.`,
    '',
    `Held up by: ${run.phases.map(({ bottleneck, from, to }) => `${bottleneck} (${duration(from)} to ${duration(to)})`).join('; ')}. Of the ${duration(run.makespanSeconds)}, the last large databases take ${duration(run.makespanSeconds - (run.phases.at(-2)?.to ?? 0))}: list the largest first.`,
  ].join('\n');
}

function fiftyThousand(): string {
  const [run, slotItems, raised] = [simulated('manyRecommended'), simulated('manySlots'), simulated('manyRaised')];
  const rate = 50_000 / 3_600;
  return [
    `Not in an hour as Ferry is: ${duration(run.makespanSeconds)} with the same settings. An hour is ${rate.toFixed(1)} databases a second. In the way stand, in this order:`,
    '',
    `1. The slots item: ${highestRate(readMeasured()).toFixed(1)} databases a second. With an item for each slot, ${duration(slotItems.makespanSeconds)}.`,
    `2. Two task launches for a database at 20 a second: 10 databases a second. With 100 launches a second, and ${thousands(raised.peaks.vcpus)} vCPUs, ${duration(raised.makespanSeconds)}.`,
    '',
    `Even then source and target have to bear it: ${rate.toFixed(0)} databases a second of 30 tables are ${thousands(rate * 30)} CREATE TABLE a second, about ${(rate * 0.261).toFixed(0)} of the target's cores and ${(rate * 0.242).toFixed(0)} of the source's by what was measured here, and never tried on Aurora; and 1.5 million tables are 150 times what AWS advises for one instance. ` +
      'Several clusters, with a migration and a run for each, divide every number but the launch rate, the vCPUs and the source.',
  ].join('\n');
}

function minutes({ makespanSeconds }: Simulated): number {
  return Math.ceil(makespanSeconds / 60);
}

function assumptions(): string {
  const standard = settings();
  const rows = Object.entries(settingsSchema.shape).map(([name, schema]) => `| \`${flagOf(name)}\` | ${String(standard[name as SettingName])} | ${schema.description ?? ''} |`);
  return ['| setting of `npm run simulate` | default | what it is |', '|---|---|---|', ...rows].join('\n');
}

function costs(): string {
  const [few, many] = [costOf(simulated('recommended')), costOf(simulated('manyRecommended'))];
  const rows = few.map((line, index) => {
    const other = many[index];
    return [line.service, `${line.what} (${priceText(line.price)})`, amountText(line), dollars(line.dollars), other === undefined ? '' : amountText(other), other === undefined ? '' : dollars(other.dollars)];
  });
  const sum = ['**all**', '', '', `**${dollars(totalOf(few))}**`, '', `**${dollars(totalOf(many))}**`];
  return leftTable(['service', 'what, and its price', '4,000', 'USD', '50,000', 'USD'], [...rows, sum]);
}

function costOfRuns(): string {
  const rows = (['standard', 'recommended', 'manyStandard', 'manyRecommended', 'manySlots', 'manyRaised'] as const).map((name) => {
    const run = simulated(name);
    const lines = costOf(run);
    const of = (service: string): string => dollars(totalOf(lines.filter((line) => line.service === service)));
    return [`${thousands(run.settings.databases)}: ${scenarios[name].title}`, duration(run.makespanSeconds), of('Fargate'), of('Step Functions'), of('DynamoDB'), of('Aurora'), dollars(totalOf(lines))];
  });
  return markdownTable([['run', 'done after', 'Fargate', 'Step Functions', 'DynamoDB', 'Aurora', 'all'], ...rows]);
}

function fargateMinute(): string {
  const run = simulated('manyRecommended');
  const measured = readMeasured();
  const work = ['dump', 'import', 'verify'].reduce((total, stage) => total + (measured.stageMilliseconds[stage] ?? 0), 0) / 1_000;
  return (
    `Fargate bills a task by the second from the start of its image's download, and a minute at least. The two tasks of a small database work for ${work.toFixed(1)} seconds together and are billed for ` +
    `${((run.billedTaskSeconds / run.tasks) * 2).toFixed(0)}: ${thousands(run.tasks)} tasks are ${thousands(run.billedTaskSeconds / 3_600)} vCPU-hours, of which ${thousands(run.tasks / 60)} are the minimum. ` +
    'Fewer tasks for a database, not faster ones, would make it cheaper.'
  );
}

function freeze(): string {
  const { taskVcpus, taskGigabytes } = settings();
  const task = taskVcpus * prices.fargateVcpuHour.dollars + taskGigabytes * prices.fargateGigabyteHour.dollars;
  const reads = (2 * 3_600_000) / pollMilliseconds;
  return (
    `With \`--freeze\` the task of a dump lives on as the keeper of its lock until the database is verified, beside the tasks of the import and the verification: USD ${task.toFixed(4)} an hour for ${taskVcpus} vCPU and ${taskGigabytes} GB, ` +
    `and ${thousands(reads)} read units of DynamoDB, USD ${(reads * prices.dynamodbReadUnit.dollars).toFixed(5)}. Each minute for which a thousand databases wait frozen for their import and verification costs USD ${dollars(((task + reads * prices.dynamodbReadUnit.dollars) / 60) * 1_000)}; the tables above are without.`
  );
}

function nat(): string {
  const [few, many] = [simulated('recommended'), simulated('manyRecommended')].map((run) => dollars(totalOf(natAlternative(run))));
  return `Without endpoints everything goes through NAT gateways, and an image is downloaded for each task: USD ${few ?? ''} for 4,000 databases and USD ${many ?? ''} for 50,000, which is more than all else together. ECR's layers come from S3, so that the free gateway endpoint for S3 carries most of it.`;
}

function priceList(): string {
  const rows = (Object.keys(prices) as PriceName[]).map((name) => {
    const { per, page, checked } = prices[name];
    return [per, priceText(name), `https://aws.amazon.com/${page}/pricing/`, checked ? 'yes' : 'from memory'];
  });
  return [leftTable(['for one', 'USD', 'page', 'confirmed'], rows), '', `${pricedAt.region}, ${pricedAt.date}.`].join('\n');
}

function listCostAssumptions(): string {
  const a = costAssumptions;
  return [
    `* dumps are kept ${a.dumpsKeptDays} days (the lifecycle rule of your stack may differ); compression as measured, also for large databases`,
    `* ${a.logBytesOfTask} bytes of log for a task, ${a.logBytesOfInvocation} for an invocation`,
    `* ${a.interfaceEndpoints} interface endpoints in ${a.zones} zones; gateway endpoints for S3 and DynamoDB`,
    `* images of ${a.imageMegabytes} MB`,
    '* every byte of SQL crosses a zone twice: at most that',
    "* a key of one's own in KMS, no bucket key",
    `* the Aurora writer at ${a.auroraCapacityUnits} ACU for the begun hours; ${a.auroraWriteFactor} times the SQL written, ${thousands(a.auroraBytesOfRequest)} bytes a request. This is the weakest of the numbers`,
    '* nothing for the source, which is there anyway, nor for what is deployed and idle (alarms, dashboard, endpoints after the run)',
  ].join('\n');
}

function leftTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [`| ${header.join(' | ')} |`, `|${header.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

function amountText({ amount }: CostLine): string {
  return amount < 100 ? String(Math.round(amount * 10) / 10) : thousands(amount);
}

function dollars(value: number): string {
  return value.toFixed(2);
}
