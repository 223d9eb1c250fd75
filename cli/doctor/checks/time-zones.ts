import { comparison } from '../check.ts';
import { ok, warning } from '../finding.ts';

export const timeZones = comparison('time-zones', (source, target) => {
  const [from, to] = [source, target].map(({ variables }) => (variables.time_zone === 'SYSTEM' ? (variables.system_time_zone ?? 'SYSTEM') : (variables.time_zone ?? '')));
  if (from === to || (isUtc(from) && isUtc(to))) return [ok(`both servers are on ${from ?? ''}`)];
  return [
    warning(
      `The source is on ${from ?? ''}, the target on ${to ?? ''}`,
      'Dumps carry TIMESTAMP in UTC and are not hurt. NOW(), DATETIME defaults and events give other local times after the cut-over.',
      'Set time_zone in the cluster parameter group to the zone of the source, or see that the application sets its own.',
    ),
  ];
});

function isUtc(zone: string | undefined): boolean {
  return /^(UTC|GMT|\+00:00|Etc\/UTC|Universal)$/i.test(zone ?? '');
}
