/** What the marks in the picture mean, in rows below it. Only what occurs is explained. */
import type { Connector, Graph } from './graph.ts';
import type { Layout } from './layout.ts';
import { labelFont } from './layout.ts';
import { escapeText, round, textWidth } from './text.ts';

interface Entry {
  readonly mark: string;
  readonly text: string;
}

const [rowHeight, markWidth, gap] = [22, 30, 26];

export function drawLegend({ graph }: Layout, width: number): { readonly svg: string; readonly height: number } {
  let [x, row] = [0, 0];
  const parts = entriesOf(graph).map(({ mark, text }) => {
    const needed = markWidth + textWidth(text, labelFont);
    if (x > 0 && x + needed > width - 20) [x, row] = [0, row + 1];
    const part = `<g transform="translate(${round(x)} ${row * rowHeight + 12})">${mark}<text class="label" x="${markWidth}" y="3.5">${escapeText(text)}</text></g>`;
    x += needed + gap;
    return part;
  });
  return { svg: parts.join(''), height: (row + 1) * rowHeight + 6 };
}

function entriesOf(graph: Graph): Entry[] {
  const all = flatten(graph);
  const nodes = all.flatMap((each) => each.nodes);
  const services = [...new Set(nodes.flatMap(({ detail }) => /^(\w+):/.exec(detail)?.[1] ?? []))];
  return [
    { mark: '<path class="line" d="M0 0H22" marker-end="url(#arrow)"/>', text: 'next state' },
    ...(all.some(({ edges }) => edges.some(({ kind }) => kind === 'catch')) ? [{ mark: '<path class="line catch" d="M0 0H22" marker-end="url(#arrow-catch)"/>', text: 'when the state fails (Catch)' }] : []),
    ...all.flatMap(({ connectors }) => connectors.map((connector, index) => describeConnector(connector, index + 1))),
    ...(nodes.some(({ retried }) => retried) ? [{ mark: '<text class="label" x="9" y="3.5">↻</text>', text: "tried again when the platform fails (Retry)" }] : []),
    ...services.map((service) => ({ mark: `<rect class="${service.toLowerCase()}" x="12" y="-7" width="6" height="14" rx="2"/>`, text: service })),
  ];
}

function describeConnector({ to, label }: Connector, number: number): Entry {
  const mark = `<circle class="leaves" cx="14" cy="0" r="7.5"/><text class="leaves-number" text-anchor="middle" x="14" y="3.5">${number}</text>`;
  return { mark, text: `${label === '' ? 'when the state fails' : `on ${label}`}, to ${to.slice(to.lastIndexOf('/') + 1)}` };
}

/** The graph and those inside it. */
function flatten(graph: Graph): Graph[] {
  return [graph, ...graph.nodes.flatMap(({ inner }) => (inner === undefined ? [] : flatten(inner)))];
}
