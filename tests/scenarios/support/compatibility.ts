/** The text of docs/compatibility.md, made of the scenarios and of the list of conversions. */
import { globSync } from 'node:fs';
import { conversionNames, conversions } from '../../../core/conversions.ts';
import type { ConversionName } from '../../../core/conversions.ts';
import type { CatalogueEntry, Verdict } from './catalogue.ts';
import { everyDay, targetNames, versionNames, versionTitles } from '../../../local/mysql/versions.ts';
import type { TargetName, VersionName } from '../../../local/mysql/versions.ts';
import { everyDaySources, matrixSources, sourcesOf } from './pairs.ts';
import { fileOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export interface Proof {
  readonly verdict: Verdict;
  readonly how: string;
  /** A scenario's name, or a path from the root of the project. */
  readonly by: string;
}

export function proofsOf({ row, elsewhere }: CatalogueEntry, scenarios: readonly Scenario[]): Proof[] {
  const shown = scenarios.flatMap(({ name, proves }) => {
    const proof = proves[row];
    return proof === undefined ? [] : [{ ...proof, by: name }];
  });
  return elsewhere === undefined ? shown : [...shown, { verdict: elsewhere.verdict, how: elsewhere.how, by: elsewhere.proof }];
}

/** Scenarios in whose audit the rule stands, or which it refuses. */
export function scenariosOfRule(rule: ConversionName, scenarios: readonly Scenario[]): string[] {
  const isShown = (scenario: Scenario): boolean =>
    scenario.fails?.rule === rule || globSync('expected*.diff', { cwd: scenario.folder }).some((file) => `\n${fileOf(scenario, file) ?? ''}`.includes(`\n${rule}: `));
  return scenarios.filter(isShown).map(({ name }) => name);
}

export function compatibilityText(catalogue: readonly CatalogueEntry[], scenarios: readonly Scenario[]): string {
  return [
    '# Compatibility',
    '',
    'What is known to go wrong between an old MySQL or MariaDB and Aurora MySQL, and what Ferry does about it. This file is written by',
    '`npm run compatibility` from `tests/scenarios/`: each scenario is a database that the tests migrate from a real server to another that is',
    `set up like Aurora: ${versionTitles['mysql-8.0']}, of which Aurora MySQL version 3 is made, and ${versionTitles['mysql-9.7']}. Nothing here has run on Aurora itself.`,
    '',
    '| from | to | tested by |',
    '|---|---|---|',
    ...everyDaySources.map((source) => `| ${versionTitles[source]} | ${versionTitles['mysql-9.7']} | \`npm test\` |`),
    ...targetNames.flatMap((target) => matrixSources[target].map((source) => `| ${versionTitles[source]} | ${versionTitles[target]} | \`npm run matrix\` |`)),
    '',
    'Besides, a whole migration of a fleet from MySQL 5.5 to 8.0 goes through the commands, accounts included',
    '([tests/long/matrix/workflow.test.ts](../tests/long/matrix/workflow.test.ts)).',
    '',
    '- **converted**: Ferry changes it on the way, and `audit.json` beside the report of the import has the text before and after.',
    '- **prevented**: the way in which Ferry dumps and loads keeps it from happening.',
    '- **found**: Ferry names it, with its remedy, before or instead of a failure.',
    '- **impossible**: no tool can do it, for the reason given.',
    '',
    '## Known failures',
    '',
    '| | failure | verdict | what Ferry does | shown by |',
    '|---|---|---|---|---|',
    ...catalogue.flatMap((entry) => proofsOf(entry, scenarios).map(({ verdict, how, by }) => `| ${entry.row} | ${entry.failure} | ${verdict} | ${how} | ${link(by)} |`)),
    '',
    '## Conversions',
    '',
    'Each is one rule of the import, applied to definitions and settings and never to rows. `--no-convert RULE` of `ferry start` and `ferry migrate`',
    '(the field `noConvert` of an execution’s input) switches one off: the statement then goes to the target as it is.',
    '',
    '| rule | what it does | why | shown by |',
    '|---|---|---|---|',
    ...conversionNames.map((name) => `| \`${name}\` | ${conversions[name].does} | ${conversions[name].reason} | ${scenariosOfRule(name, scenarios).map(link).join(', ')} |`),
    '',
    '## Scenarios',
    '',
    `| scenario | what it shows | to ${versionTitles['mysql-8.0']} from | to ${versionTitles['mysql-9.7']} from | ends |`,
    '|---|---|---|---|---|',
    ...scenarios.map((scenario) => `| ${link(scenario.name)} | ${scenario.about} | ${passedTo('mysql-8.0', scenario)} | ${passedTo('mysql-9.7', scenario)} | ${endOf(scenario)} |`),
    '',
  ].join('\n');
}

function passedTo(target: TargetName, scenario: Scenario): string {
  if (scenario.dump !== undefined) return `a dump of ${scenario.dump.sourceVersion} made by hand`;
  const played: readonly VersionName[] = [...(target === everyDay.target ? everyDaySources : []), ...matrixSources[target]];
  return versionNames.filter((name) => sourcesOf(scenario, played).includes(name)).map(shortTitle).join(', ');
}

/** `5.6`; of MariaDB with its name. */
function shortTitle(name: VersionName): string {
  return name.startsWith('mysql-') ? name.slice('mysql-'.length) : versionTitles[name];
}

function endOf({ fails, rowsDiffer }: Scenario): string {
  const arrives = rowsDiffer === undefined ? 'migrated and verified' : `migrated; ${rowsDiffer}`;
  if (fails === undefined) return arrives;
  const refused = `${fails.stage} refused: \`${fails.error}\``;
  if (fails.targets.length === targetNames.length) return refused;
  return `by ${fails.targets.map((target) => versionTitles[target]).join(', ')} ${refused}; else ${arrives}`;
}

function link(by: string): string {
  return by.includes('/') ? `[${by}](../${by})` : `[${by}](../tests/scenarios/${by})`;
}
