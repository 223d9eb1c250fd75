import type { ServerCheck } from '../check.ts';

export const timeZoneTables: ServerCheck = {
  id: 'time-zone-tables',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'The source knows named time zones and the target does not.',
  consequence: "CONVERT_TZ and SET time_zone with a name ('Europe/London') answer NULL or an error on the target.",
  remedy: 'Aurora loads its time zone tables itself; on another MySQL load them with mysql_tzinfo_to_sql.',
  *find({ source, target }) {
    if (source.timeZones === true && target?.timeZones === false) yield { object: '' };
  },
};
