import type { ServerCheck } from '../check.ts';
import { isOn, variable } from '../look.ts';

export const binaryLog: ServerCheck = {
  id: 'binary-log',
  scope: 'server',
  severity: 'information',
  catalogue: [],
  cause: 'The source writes no binary log, or not by rows.',
  consequence: 'A dump cannot name the position that it was taken at, and what changed after it can only be found by comparing rows.',
  remedy: 'Stop the writers before the databases that must not lose a change are dumped. Nothing needs to be set for a migration.',
  *find({ source }) {
    const [written, format] = [variable(source, 'log_bin'), variable(source, 'binlog_format')];
    if (written === undefined) return;
    if (!isOn(written)) yield { object: '', detail: 'log_bin is OFF' };
    else if (format !== undefined && format.toUpperCase() !== 'ROW') yield { object: '', detail: `binlog_format is ${format}` };
  },
};
