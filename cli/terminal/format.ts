/** Numbers, sizes and times as people read them. Units: bytes and seconds; what is unknown is an en dash, never 0. */

export const unknown = '–';

/** `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `1.4 GB`, in powers of 1000, as AWS bills and `ls --si` prints. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A clock: `04:07`, from an hour on `1:04:07`, from a day on `2d 01:04:07`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutesAndSeconds = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  const hours = Math.floor(whole / 3600);
  if (hours === 0) return minutesAndSeconds;
  if (hours < 24) return `${hours}:${minutesAndSeconds}`;
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}:${minutesAndSeconds}`;
}

/** A length of time in words: `840 ms`, `4.2 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(Math.max(0, seconds) * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return inTwo(whole, 60, 'min', 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return inTwo(minutes, 60, 'h', 'min');
  return inTwo(Math.round(minutes / 60), 24, 'd', 'h');
}

function inTwo(value: number, base: number, large: string, small: string): string {
  const rest = value % base;
  return rest === 0 ? `${Math.floor(value / base)} ${large}` : `${Math.floor(value / base)} ${large} ${rest} ${small}`;
}

/** `one database`, `3 databases`. */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** A share that never says 100% before everything is done, nor 0% once something is. */
export function formatPercent(part: number, total: number): string {
  if (total === 0) return unknown;
  const percent = (100 * part) / total;
  if (percent > 99 && part < total) return '99%';
  if (percent < 1 && part > 0) return '1%';
  return `${Math.round(percent)}%`;
}

const durationPattern = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Seconds of `90s`, `60m`, `1h30m`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null || text === '') return undefined;
  const [, hours, minutes, seconds] = match as readonly (string | undefined)[];
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return total > 0 ? total : undefined;
}
