import { after } from 'node:test';
import { describeCertificates } from '../../integration/tls/certificate-cases.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

for (const version of ['mysql-8.0', 'mariadb-10.11'] as const) describeCertificates(version, started);
