import { after } from 'node:test';
import { describeCertificates } from './certificate-cases.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

describeCertificates('mysql-9.7', started);
