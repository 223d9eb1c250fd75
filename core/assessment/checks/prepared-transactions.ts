import type { ServerCheck } from '../check.ts';

export const preparedTransactions: ServerCheck = {
  id: 'prepared-transactions',
  scope: 'server',
  severity: 'warning',
  catalogue: [],
  cause: 'XA transactions are prepared on the source, and wait for their COMMIT or ROLLBACK.',
  consequence:
    'Their rows are in no dump. On MySQL before 8.0 and on MariaDB one whose session has ended holds no lock, so that its COMMIT passes a freeze: with --freeze no database is dumped while it waits (FreezeBlocked).',
  remedy: 'XA RECOVER lists them. Find out what became of each from its transaction manager, and end it by XA COMMIT or XA ROLLBACK.',
  *find({ source }) {
    for (const name of source.preparedTransactions ?? []) yield { object: `transaction ${name}` };
  },
};
