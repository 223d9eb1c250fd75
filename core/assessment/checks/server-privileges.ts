import { systemUsers } from '../../accounts/choose-accounts.ts';
import type { ServerCheck } from '../check.ts';

export const serverPrivileges: ServerCheck = {
  id: 'server-privileges',
  scope: 'server',
  severity: 'warning',
  catalogue: ['I24'],
  cause: 'Accounts hold privileges that Amazon Aurora grants to nobody: SUPER, FILE, SHUTDOWN, CREATE TABLESPACE.',
  consequence: 'They arrive without them. Backup jobs, LOAD DATA INFILE, SELECT … INTO OUTFILE, KILL and SET GLOBAL of these accounts fail on the target.',
  remedy: 'Use the procedures of Aurora in their place (mysql.rds_kill, LOAD DATA FROM S3, SELECT INTO OUTFILE S3), and parameter groups for variables.',
  *find({ source }) {
    for (const { account, serverPrivileges: held } of source.accounts ?? []) {
      const user = account.slice(0, account.lastIndexOf('@'));
      if (held.length > 0 && !systemUsers.test(user)) yield { object: `account ${account}`, detail: held.join(', ') };
    }
  },
};
