/** Colours, where the reader is a terminal that wants them. */
import type { OutputStream } from '../context.ts';

export type Paint = (text: string) => string;

export interface Style {
  readonly coloured: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

const same: Paint = (text) => text;

export const plainStyle: Style = { coloured: false, bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

const colouredStyle: Style = {
  coloured: true,
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
};

/** Source: no-color.org, for NO_COLOR (any value but the empty one); TERM=dumb is a terminal without sequences. */
export function styleFor(stream: OutputStream, environment: Readonly<Record<string, string | undefined>>): Style {
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return stream.isTTY === true && !refused ? colouredStyle : plainStyle;
}

/** Whether a stream is a terminal on which lines can be redrawn. */
export function canRedraw(stream: OutputStream, environment: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === '';
}

function sgr(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`);
}
