/** The picture of the workflow: it is the definition's, and shows every state and every way between two. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { readGraph } from '../../../scripts/execution-graph/graph.ts';
import type { Graph } from '../../../scripts/execution-graph/graph.ts';
import { layOut } from '../../../scripts/execution-graph/layout.ts';
import { drawExecutionGraph, pictureFile } from '../../../scripts/execution-graph/main.ts';

describe('docs/execution-graph.svg', () => {
  it('is what the definition gives: else run `npm run graph`, look at it, and commit it', async () => {
    assert.ok((await readFile(pictureFile, 'utf8')) === (await drawExecutionGraph()), 'docs/execution-graph.svg is not of this definition: npm run graph');
  });

  it('has every state once, every Next, Default, rule and Catch, and nothing on top of something else', async () => {
    const definition = await readFile(new URL('../../../statemachines/migrate-databases.asl.json', import.meta.url), 'utf8');
    const graph = readGraph(definition);
    const machine = JSON.parse(definition) as Machine;
    const svg = await readFile(pictureFile, 'utf8');
    for (const { States } of [machine, machine.States['MigrateDatabases']!.ItemProcessor!]) {
      for (const name of Object.keys(States)) assert.equal(svg.split(`>${name}</text>`).length - 1, 1, name);
    }
    assert.deepEqual(waysOf(graph), waysIn(machine));
    const { boxes } = await layOut(graph);
    const states = boxes.filter(({ node }) => node.inner === undefined);
    for (const a of states) {
      for (const b of states) {
        const apart = a === b || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        assert.ok(apart, `${a.node.name} is on ${b.node.name}`);
      }
    }
  });

  it('keeps to a width at which it can be read on a page, and loads nothing', async () => {
    const svg = await readFile(pictureFile, 'utf8');
    const width = Number(/ width="(\d+)"/.exec(svg)?.[1]);
    assert.ok(width > 600 && width < 1_320, `${width}`);
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|<script|@import|url\((?!#)/);
    assert.match(svg, /prefers-color-scheme:dark/);
  });
});

describe('the graph of a definition', () => {
  it('joins rules that lead to one state, and shortens what they ask', () => {
    const { edges } = readGraph(
      JSON.stringify({
        StartAt: 'Decide',
        States: {
          Decide: {
            Type: 'Choice',
            Choices: [
              { Variable: '$.record.checkpoint', StringEquals: 'DUMPED', Next: 'Go' },
              { Variable: '$.record.checkpoint', StringEquals: 'IMPORTED', Next: 'Go' },
              { And: [{ Variable: '$.tries.dump', NumericLessThanPath: '$.maxAttempts' }, { Not: { Variable: '$.a.done', BooleanEquals: true } }], Next: 'Wait' },
            ],
            Default: 'Stop',
          },
          Go: { Type: 'Pass', End: true },
          Wait: { Type: 'Wait', Next: 'Go' },
          Stop: { Type: 'Fail' },
        },
      }),
    );
    assert.deepEqual(edges.filter(({ from }) => from === 'Decide').map(({ to, label }) => [to, label]), [
      ['Go', 'checkpoint = DUMPED or IMPORTED'],
      ['Wait', 'tries.dump < maxAttempts and not done'],
      ['Stop', 'otherwise'],
    ]);
  });

  it('marks a catch that many states share, and draws one that few share', () => {
    const names = ['A', 'B', 'C', 'D'];
    const task = (index: number) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: names[index + 1] ?? 'Done', Catch: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'Claimed' }] });
    const definition = (count: number): string =>
      JSON.stringify({ StartAt: 'A', States: { ...Object.fromEntries(names.slice(0, count).map((name, index) => [name, { ...task(index), ...(index === count - 1 ? { Next: 'Done' } : {}) }])), Claimed: { Type: 'Fail' }, Done: { Type: 'Succeed' } } });
    assert.deepEqual(readGraph(definition(4)).connectors, [{ to: 'Claimed', label: 'ConditionalCheckFailed', from: names }]);
    assert.equal(readGraph(definition(3)).edges.filter(({ kind }) => kind === 'catch').length, 3);
  });
});

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: Machine;
}

/** `from > to` of every way, read without the picture's own reader. */
function waysIn(machine: Machine): string[] {
  const ways = new Set<string>();
  for (const [from, state] of Object.entries(machine.States)) {
    for (const to of [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)]) if (to !== undefined) ways.add(`${from} > ${to}`);
    for (const { Next } of state.Catch ?? []) ways.add(`${from} ~ ${Next}`);
    if (state.ItemProcessor !== undefined) for (const way of waysIn(state.ItemProcessor)) ways.add(way);
  }
  return [...ways].sort();
}

function waysOf({ nodes, edges, connectors }: Graph): string[] {
  const name = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
  const own = edges.filter(({ from, to }) => !from.includes('(start)') && !to.includes('(end)')).map(({ from, to, kind }) => `${name(from)} ${kind === 'catch' ? '~' : '>'} ${name(to)}`);
  const shared = connectors.flatMap(({ from, to }) => from.map((each) => `${name(each)} ~ ${name(to)}`));
  return [...own, ...shared, ...nodes.flatMap(({ inner }) => (inner === undefined ? [] : waysOf(inner)))].sort();
}
