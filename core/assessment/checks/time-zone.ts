import type { ServerCheck } from '../check.ts';
import { variable } from '../look.ts';

export const timeZone: ServerCheck = {
  id: 'time-zone',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'Source and target keep different time.',
  consequence: 'NOW() and CURRENT_TIMESTAMP give another hour on the target, and TIMESTAMP columns are shown in it. The stored moments are the same.',
  remedy: "Set time_zone in the target's parameter group to the zone of the source.",
  *find({ source, target }) {
    const [from, to] = [zoneOf(source), zoneOf(target)];
    if (from !== undefined && to !== undefined && from !== to) yield { object: '', detail: `${from} on the source, ${to} on the target` };
  },
};

function zoneOf(server: Parameters<typeof variable>[0]): string | undefined {
  const zone = variable(server, 'time_zone');
  const named = zone === 'SYSTEM' ? variable(server, 'system_time_zone') : zone;
  return named === '+00:00' ? 'UTC' : named;
}
