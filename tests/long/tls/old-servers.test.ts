/** Servers that know TLS 1.0 or 1.1 at most, whatever their certificates: nothing goes there unencrypted that was not told to. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { dirname } from 'node:path';
import { installPrograms } from '../../support/servers.ts';
import { logins, type LogIn } from '../../integration/tls/logins.ts';
import { TlsServer } from '../../integration/tls/tls-server.ts';

const started = new AsyncDisposableStack();
after(() => started.disposeAsync());

for (const version of ['mysql-5.5', 'mysql-5.6', 'mysql-5.7'] as const) {
  describe(`a server of ${version}`, () => {
    let server: TlsServer;
    let ways: readonly (readonly [string, LogIn])[];
    before(async () => {
      server = await TlsServer.open(started, version);
      ways = Object.entries(logins(dirname((await installPrograms()).mysqldump)));
    });

    for (const tls of ['verify', 'verify-ca', 'required'] as const) {
      it(`is not logged in at with TLS ${tls}, and the failure says what to do`, async () => {
        for (const [way, logIn] of ways) {
          const message = way === 'mysqldump' ? /SSL/ : /is not connected to: it knows no TLS 1\.2.*Or say that TLS is `disabled` for it/;
          await assert.rejects(logIn(server.access({ tls, host: '127.0.0.1' })), { name: 'SourceTlsFailed', message }, way);
        }
      });
    }

    it('is logged in at without TLS, where that is said', async () => {
      for (const [, logIn] of ways) await logIn(server.access({ tls: 'disabled', host: '127.0.0.1' }));
    });
  });
}
