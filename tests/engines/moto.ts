/** Whether Moto's parser, which is LocalStack's grammar of the States Language, takes the state machine. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { installEngine } from './install.ts';

const definitionFile = join(import.meta.dirname, '../../statemachines/migrate-databases.asl.json');

/** What AWS takes and Moto 5.2.5 does not, and what is written for it instead. Nothing else of the definition is changed. */
const adaptations: readonly { readonly what: string; readonly from: RegExp; readonly to: string }[] = [
  { what: 'ToleratedFailurePercentage with a decimal point', from: /("ToleratedFailurePercentage":\s*\d+)(?=[,\s}])/g, to: '$1.0' },
  { what: 'the InputType JSON instead of JSONL', from: /("InputType":\s*)"JSONL"/g, to: '$1"JSON"' },
];

/** @throws Unavailable; AssertionError when Moto does not take the definition, or takes one that is none */
export async function acceptDefinition(log: (line: string) => void): Promise<string> {
  const python = await installEngine('moto');
  const definition = await readFile(definitionFile, 'utf8');
  const used = adaptations.filter(({ from }) => definition.search(from) !== -1);
  log(`given with ${used.map(({ what }) => what).join(', and with ')}`);
  const machine = JSON.parse(definition) as { States: Record<string, object> };
  const broken = { ...machine, States: { ...machine.States, Strange: { Type: 'Strange', End: true } } };
  const [whole, strange] = await answersOf(python, [definition, JSON.stringify(broken)].map(adapted));
  assert.equal(whole, 'accepted');
  assert.match(strange ?? '', /ASLParserException|InvalidDefinition/, 'what is no definition is not taken either');
  return `the definition is accepted (${countStates(machine)} states), and one with a state of no type is not`;
}

function adapted(definition: string): string {
  return adaptations.reduce((changed, { from, to }) => changed.replaceAll(from, to), definition);
}

async function answersOf(python: string, definitions: readonly string[]): Promise<string[]> {
  const child = spawn(python, [join(import.meta.dirname, 'python/accept_definitions.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(definitions));
  const [answers, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  assert.notEqual(answers, '', errors);
  return JSON.parse(answers) as string[];
}

/** Those within a Map or a Parallel as well. */
export function countStates(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'States' in value ? Object.keys(value.States as object).length : 0;
  return Object.values(value).reduce<number>((sum, member) => sum + countStates(member), own);
}
