/** Where everything stands: the Eclipse Layout Kernel's layered layout, from top to bottom, with the Map's workflow inside its box. */
import ElkConstructor from 'elkjs/lib/elk.bundled.js';
import type { ElkExtendedEdge, ElkNode, ElkPoint } from 'elkjs';
import type { Edge, Graph, Node } from './graph.ts';
import { lineHeight, textWidth, wrapText } from './text.ts';

export interface Box {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The connectors that leave it, and those that arrive, by their numbers. */
  readonly leaves: readonly number[];
  readonly arrives: readonly number[];
}

export interface Route {
  readonly edge: Edge;
  readonly points: readonly ElkPoint[];
  readonly label: { readonly lines: readonly string[]; readonly x: number; readonly y: number; readonly width: number } | undefined;
}

export interface Layout {
  readonly graph: Graph;
  readonly width: number;
  readonly height: number;
  /** Outer ones first. */
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
}

export const titleHeight = 44;
export const labelFont = 10.5;

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.nodePlacement.strategy': 'LINEAR_SEGMENTS',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.crossingMinimization.forceNodeModelOrder': 'false',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '10',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.thoroughness': '60',
};

export async function layOut(graph: Graph): Promise<Layout> {
  const elk = new ElkConstructor.default();
  // The inner workflow first: it is then one large node of the outer one.
  const inner = new Map<string, Layout>();
  for (const node of graph.nodes) if (node.inner !== undefined) inner.set(node.id, await layOut(node.inner));
  const laidOut = await elk.layout({
    id: 'root',
    layoutOptions: { ...options, 'elk.padding': '[top=10,left=10,bottom=10,right=10]' },
    children: graph.nodes.map((node) => ({ id: node.id, ...sizeOf(node, inner.get(node.id)) })),
    edges: graph.edges.map((edge, index) => elkEdge(edge, index)),
  });
  return collect(graph, laidOut, inner);
}

function sizeOf(node: Node, inner: Layout | undefined): Pick<ElkNode, 'width' | 'height'> {
  if (inner !== undefined) return { width: inner.width + 20, height: inner.height + titleHeight + 10 };
  if (node.kind === 'Start' || node.kind === 'End') return { width: 64, height: 28 };
  return { width: 16 + Math.max(textWidth(node.name, 12.5), textWidth(node.detail, 10.5) + (node.retried ? 16 : 0)) + 18, height: titleHeight };
}

function elkEdge({ from, to, label }: Edge, index: number): ElkExtendedEdge {
  const lines = wrapText(label, 20);
  const labels = label === '' ? [] : [{ text: lines.join('\n'), width: Math.max(...lines.map((line) => textWidth(line, labelFont * 0.92))) + 6, height: lines.length * lineHeight + 2 }];
  return { id: String(index), sources: [from], targets: [to], labels };
}

function collect(graph: Graph, laidOut: ElkNode, inner: ReadonlyMap<string, Layout>): Layout {
  const boxes: Box[] = [];
  const routes: Route[] = (laidOut.edges ?? []).flatMap((laid) => routeOf(graph, laid));
  for (const { id, x = 0, y = 0, width = 0, height = 0 } of laidOut.children ?? []) {
    const node = graph.nodes.find((each) => each.id === id);
    if (node === undefined) continue;
    boxes.push({ node, x, y, width, height, ...connectorsOf(graph, id) });
    const contents = inner.get(id);
    if (contents === undefined) continue;
    const [dx, dy] = [x + 10, y + titleHeight];
    boxes.push(...contents.boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })));
    routes.push(...contents.routes.map((route) => moved(route, dx, dy)));
  }
  return { graph, width: laidOut.width ?? 0, height: laidOut.height ?? 0, boxes, routes };
}

function connectorsOf({ connectors }: Graph, id: string): Pick<Box, 'leaves' | 'arrives'> {
  const numbered = connectors.map((connector, index) => ({ ...connector, number: index + 1 }));
  return {
    leaves: numbered.filter(({ from }) => from.includes(id)).map(({ number }) => number),
    arrives: numbered.filter(({ to }) => to === id).map(({ number }) => number),
  };
}

function routeOf(graph: Graph, laid: ElkExtendedEdge): Route[] {
  const edge = graph.edges[Number(laid.id)];
  const [section] = laid.sections ?? [];
  if (edge === undefined || section === undefined) return [];
  const [label] = laid.labels ?? [];
  return [
    {
      edge,
      points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
      label: label === undefined ? undefined : { lines: (label.text ?? '').split('\n'), x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0 },
    },
  ];
}

function moved({ edge, points, label }: Route, dx: number, dy: number): Route {
  return {
    edge,
    points: points.map(({ x, y }) => ({ x: x + dx, y: y + dy })),
    label: label === undefined ? undefined : { ...label, x: label.x + dx, y: label.y + dy },
  };
}
