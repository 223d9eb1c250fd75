import type { ServerCheck } from '../check.ts';
import { isOn, variable } from '../look.ts';

interface Wanted {
  readonly name: string;
  readonly wanted: string;
  readonly why: string;
  readonly isWrong: (value: string) => boolean;
}

const wantedParameters: readonly Wanted[] = [
  { name: 'log_bin', wanted: 'OFF (binlog_format OFF in the cluster parameter group)', why: 'a binary log slows the load and fills storage', isWrong: isOn },
  { name: 'innodb_strict_mode', wanted: 'OFF', why: 'old tables with rows of more than 8 KB are refused while it is on', isWrong: isOn },
  { name: 'event_scheduler', wanted: 'OFF', why: 'nothing may run on the target before cut-over', isWrong: isOn },
  { name: 'require_secure_transport', wanted: 'ON', why: 'connections to the target are then encrypted, all of them', isWrong: (value) => !isOn(value) },
  { name: 'table_open_cache', wanted: '4000 or more', why: 'a fleet has many tables', isWrong: (value) => Number(value) < 4000 },
  { name: 'table_definition_cache', wanted: '4000 or more', why: 'a fleet has many tables', isWrong: (value) => Number(value) < 4000 },
];

export const targetParameters: ServerCheck = {
  id: 'target-parameters',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I3', 'I7', 'I19'],
  cause: "The target's parameter group is not set for loading.",
  consequence: 'The load is slower, refuses old table definitions, or lets something run too early. No data is lost.',
  remedy: 'Use a parameter group of its own for the load, with the values named here, and the one for production after cut-over.',
  *find({ target }) {
    for (const { name, wanted, why, isWrong } of wantedParameters) {
      const value = variable(target, name);
      if (value !== undefined && isWrong(value)) yield { object: `parameter ${name}`, detail: `is ${value}, wanted ${wanted}: ${why}` };
    }
  },
};
