import type { ServerCheck } from '../check.ts';
import { variable } from '../look.ts';

const gibibyte = 1024 ** 3;

export const maxAllowedPacket: ServerCheck = {
  id: 'max-allowed-packet',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I18'],
  cause: "The target's max_allowed_packet is smaller than twice that of the source.",
  consequence: 'A dump writes binary values as hexadecimal text, twice their size. A row that the source just took does not fit into a statement on the target (errors 1153 and 2006).',
  remedy: "Set max_allowed_packet=1073741824 in the target's parameter group. It takes no restart.",
  *find({ source, target }) {
    const [from, to] = [Number(variable(source, 'max_allowed_packet')), Number(variable(target, 'max_allowed_packet'))];
    const needed = Math.min(gibibyte, from * 2);
    if (to < needed) yield { object: '', detail: `${from} bytes on the source, ${to} on the target, where ${needed} are needed` };
  },
};
