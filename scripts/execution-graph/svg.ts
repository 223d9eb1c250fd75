/** The picture: one SVG that is read on light and dark pages alike. */
import type { Box, Layout, Route } from './layout.ts';
import { drawLegend } from './legend.ts';
import { titleHeight } from './layout.ts';
import { escapeText, lineHeight, round } from './text.ts';

const margin = 8;

export function drawSvg(layout: Layout, title: string): string {
  const legend = drawLegend(layout, layout.width);
  const [width, height] = [Math.ceil(layout.width) + 2 * margin, Math.ceil(layout.height + legend.height) + 2 * margin];
  // Lines below states, so that none crosses a name.
  const containers = layout.boxes.filter(({ node }) => node.inner !== undefined);
  const states = layout.boxes.filter(({ node }) => node.inner === undefined);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    `<defs>${marker('arrow', 'head')}${marker('arrow-catch', 'head-catch')}</defs>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...containers.map(drawContainer),
    ...layout.routes.map(drawLine),
    ...layout.routes.map(drawLabel),
    ...states.map(drawState),
    ...layout.boxes.map(drawConnectors),
    `<g transform="translate(10 ${round(layout.height)})">${legend.svg}</g>`,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const style = [
  'text{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12.5px;fill:#1f2328}',
  '.page{fill:#ffffff}.map{fill:#f6f8fa;stroke:#8c959f;stroke-dasharray:6 4}.state{fill:#ffffff;stroke:#8c959f}.name{font-weight:600}',
  '.detail,.label{font-size:10.5px;fill:#59636e}.choice{fill:#fff8e6;stroke:#bf8700}.wait,.pass{fill:#f6f8fa}.fail{fill:#ffebe9;stroke:#cf222e}.succeed{fill:#dafbe1;stroke:#1a7f37}',
  '.end{fill:#1f2328;stroke:none}.end-name{fill:#ffffff;font-weight:600}.line{fill:none;stroke:#656d76;stroke-width:1.2}.catch{stroke:#cf222e;stroke-dasharray:4 3;stroke-width:1}',
  '.head{fill:#656d76}.head-catch{fill:#cf222e}.behind{fill:#f6f8fa}.lambda{fill:#d4700a}.dynamodb{fill:#3b5bdb}.ecs{fill:#b35900}.s3{fill:#2f7d32}.sqs,.sns{fill:#b0246f}.other{fill:#8c959f}',
  '.leaves{fill:#ffffff;stroke:#cf222e;stroke-dasharray:3 2}.leaves-number{font-size:10px;font-weight:600;fill:#cf222e}.arrives{fill:#cf222e}.arrives-number{font-size:10px;font-weight:600;fill:#ffffff}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.map{fill:#151b23;stroke:#656d76}.state{fill:#212830;stroke:#656d76}.detail,.label{fill:#9198a1}',
  '.choice{fill:#332a10;stroke:#d29922}.wait,.pass{fill:#1a2027}.fail{fill:#3d1417;stroke:#f85149}.succeed{fill:#12341c;stroke:#3fb950}.end{fill:#e6edf3}.end-name{fill:#0d1117}',
  '.line{stroke:#8b949e}.catch{stroke:#f85149}.head{fill:#8b949e}.head-catch{fill:#f85149}.behind{fill:#151b23}.leaves{fill:#0d1117;stroke:#f85149}.leaves-number{fill:#f85149}.arrives{fill:#f85149}.arrives-number{fill:#0d1117}}',
].join('');

function marker(id: string, className: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="${className}" d="M0 0.5 8 4 0 7.5Z"/></marker>`;
}

function drawContainer({ node, x, y, width, height }: Box): string {
  return [
    `<g><title>${escapeText(node.comment)}</title><rect class="map" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="8"/>`,
    `<text class="name" x="${round(x + 14)}" y="${round(y + 19)}">${escapeText(node.name)}</text>`,
    `<text class="detail" x="${round(x + 14)}" y="${round(y + 34)}">${escapeText(node.detail)}: one branch for each database</text></g>`,
  ].join('');
}

function drawState(box: Box): string {
  const { node, x, y, width, height } = box;
  if (node.kind === 'Start' || node.kind === 'End') {
    return `<rect class="end" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="14"/><text class="end-name" text-anchor="middle" x="${round(x + width / 2)}" y="${round(y + 18.5)}">${node.name}</text>`;
  }
  const service = /^(\w+):/.exec(node.detail)?.[1]?.toLowerCase();
  const bar = node.kind === 'Task' ? `<rect class="${service ?? 'other'}" x="${round(x)}" y="${round(y)}" width="6" height="${height}" rx="2"/>` : '';
  return [
    `<g><title>${escapeText(node.comment)}</title><rect class="state ${node.kind.toLowerCase()}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${titleHeight}" rx="6"/>${bar}`,
    `<text class="name" x="${round(x + 16)}" y="${round(y + 19)}">${escapeText(node.name)}</text>`,
    `<text class="detail" x="${round(x + 16)}" y="${round(y + 34)}">${escapeText(node.detail)}${node.retried ? ' ↻' : ''}</text></g>`,
  ].join('');
}

/** Where a shared catch leaves: a number in a dashed ring at the state's side. Where it arrives: the same number, filled. */
function drawConnectors({ leaves, arrives, x, y, width, height }: Box): string {
  const ring = (number: number, index: number, className: string, side: number): string => {
    const [cx, cy] = [side, y + height / 2 + index * 18];
    return `<circle class="${className}" cx="${round(cx)}" cy="${round(cy)}" r="7.5"/><text class="${className}-number" text-anchor="middle" x="${round(cx)}" y="${round(cy + 3.5)}">${number}</text>`;
  };
  return [...leaves.map((number, index) => ring(number, index, 'leaves', x + width)), ...arrives.map((number, index) => ring(number, index, 'arrives', x))].join('');
}

function drawLine({ edge, points }: Route): string {
  const isCatch = edge.kind === 'catch';
  return `<path class="line${isCatch ? ' catch' : ''}" marker-end="url(#arrow${isCatch ? '-catch' : ''})" d="${pathOf(points)}"/>`;
}

const cornerRadius = 7;

/** Straight lines with rounded corners. */
function pathOf(points: Route['points']): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined) return `M${round(point.x)} ${round(point.y)}`;
      if (after === undefined) return `L${round(point.x)} ${round(point.y)}`;
      const [from, to] = [towards(point, before), towards(point, after)];
      return `L${round(from.x)} ${round(from.y)}Q${round(point.x)} ${round(point.y)} ${round(to.x)} ${round(to.y)}`;
    })
    .join('');
}

function towards(corner: Route['points'][number], other: Route['points'][number]): { readonly x: number; readonly y: number } {
  const [dx, dy] = [other.x - corner.x, other.y - corner.y];
  const length = Math.hypot(dx, dy);
  const share = length === 0 ? 0 : Math.min(cornerRadius, length / 2) / length;
  return { x: corner.x + dx * share, y: corner.y + dy * share };
}

function drawLabel({ label }: Route): string {
  if (label === undefined) return '';
  const { lines, x, y, width } = label;
  const texts = lines.map((line, index) => `<text class="label" x="${round(x + 3)}" y="${round(y + 10 + index * lineHeight)}">${escapeText(line)}</text>`);
  return `<rect class="behind" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${lines.length * lineHeight + 2}" rx="3"/>${texts.join('')}`;
}
