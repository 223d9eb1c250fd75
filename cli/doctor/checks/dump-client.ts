/** Whether the dump's image has a mysqldump that can dump old servers. */
import type { Check } from '../check.ts';
import { ok, problem, skipped } from '../finding.ts';

export const dumpClient: Check = {
  name: 'dump-client',
  area: 'Source',
  examine: async (examination) => {
    const { client, clientError } = await examination.report('source');
    if (clientError !== undefined) {
      return [problem(clientError.message, "MariaDB's mysqldump fails on MySQL 5.6, and older ones leave things out.", "Build the dump's image from containers/dump/Dockerfile; on this machine, put Oracle's mysqldump 8.0 or later on PATH.")];
    }
    return [client === undefined ? skipped('the task did not say') : ok(client.replaceAll(/\s+/g, ' '))];
  },
};
