/** The text of docs/compatibility.md, made of the scenarios and of the list of conversions. */
import { globSync } from 'node:fs';
import { conversionNames, conversions } from '../../../core/conversions.ts';
import type { ConversionName } from '../../../core/conversions.ts';
import type { CatalogueEntry, Verdict } from './catalogue.ts';
import { versionTitles } from '../../../local/mysql/versions.ts';
import { fileOf } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const servers = versionTitles;

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
    '`npm run compatibility` from `tests/scenarios/`: each scenario is a database that the tests migrate from a real server to MySQL 9.7',
    'set up like Aurora. Nothing here has run on Aurora itself.',
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
    '| scenario | what it shows | sources | ends |',
    '|---|---|---|---|',
    ...scenarios.map((scenario) => `| ${link(scenario.name)} | ${scenario.about} | ${sourcesOf(scenario)} | ${endOf(scenario)} |`),
    '',
  ].join('\n');
}

function sourcesOf({ sources, dump }: Scenario): string {
  return dump === undefined ? sources.map((source) => servers[source]).join(', ') : `a dump of ${dump.sourceVersion} made by hand`;
}

function endOf({ fails, rowsDiffer }: Scenario): string {
  if (fails !== undefined) return `${fails.stage} refused: \`${fails.error}\``;
  return rowsDiffer === undefined ? 'migrated and verified' : `migrated; ${rowsDiffer}`;
}

function link(by: string): string {
  return by.includes('/') ? `[${by}](../${by})` : `[${by}](../tests/scenarios/${by})`;
}
