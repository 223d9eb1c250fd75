/** What each TLS mode lets through and what it refuses, by every way of the product to a server of one version. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { dirname } from 'node:path';
import type { ServerAccess } from '../../../core/server-access.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { TestAuthority, type Wanted } from '../../support/certificates.ts';
import { installPrograms } from '../../support/servers.ts';
import { TlsFront } from '../../support/tls-front.ts';
import { logins, type LogIn } from './logins.ts';
import { TlsServer } from './tls-server.ts';

interface Case {
  readonly certificate: string;
  readonly wanted: Wanted;
  /** How the server is reached: by the name `localhost`, its own authority and `verify`, unless this says otherwise. */
  readonly how: Partial<ServerAccess>;
  /** What the refusal says to do; absent where the login goes through. Oracle's programs say no more than that it failed. */
  readonly refused?: RegExp;
}

const [byName, byAddress, foreign] = [{ names: ['localhost'] }, { addresses: ['127.0.0.1'] }, { names: ['db1.example'], addresses: ['127.0.0.2'] }];
const host = '127.0.0.1';
const other = new TestAuthority('another authority').certificate;
const ofProgram = /mysqldump of `shop` ended .*certificate/;
const wrongName = /its certificate is of another name than .*--source-tls verify-ca/;
const untrusted = /signed by no authority that is trusted.*--source-ca FILE/;
const outOfDate = /its certificate is out of date/;

const cases: readonly Case[] = [
  { certificate: 'the right name', wanted: byName, how: {} },
  { certificate: 'the right name among others', wanted: { names: ['db1.example', '*.example', 'localhost'] }, how: {} },
  { certificate: 'the right address', wanted: byAddress, how: { host } },
  { certificate: 'a wrong name', wanted: foreign, how: {}, refused: wrongName },
  { certificate: 'a wrong address', wanted: foreign, how: { host }, refused: wrongName },
  { certificate: 'the name localhost, where an address is connected to', wanted: byName, how: { host }, refused: wrongName },
  { certificate: 'an address, where a name is connected to', wanted: byAddress, how: {}, refused: wrongName },
  { certificate: 'no name at all', wanted: {}, how: {}, refused: wrongName },
  { certificate: 'the right name by another authority', wanted: byName, how: { ca: other }, refused: untrusted },
  { certificate: "the right name by an authority that is not Amazon's", wanted: byName, how: { ca: undefined }, refused: untrusted },
  { certificate: 'a wrong name, with verify-ca', wanted: foreign, how: { tls: 'verify-ca' } },
  { certificate: 'a wrong address, with verify-ca', wanted: foreign, how: { tls: 'verify-ca', host } },
  { certificate: 'another authority, with verify-ca', wanted: byName, how: { tls: 'verify-ca', ca: other }, refused: untrusted },
  { certificate: 'another authority and name, with required', wanted: foreign, how: { tls: 'required', ca: undefined } },
];

/** A server loads no such certificate; one that it has loaded becomes so. */
const datedCases: readonly Case[] = [
  { certificate: 'the right name and has expired', wanted: { ...byName, from: -30, until: -1 }, how: {}, refused: outOfDate },
  { certificate: 'the right name and is not valid yet', wanted: { ...byName, from: 2 }, how: {}, refused: outOfDate },
  { certificate: 'expired, with verify-ca', wanted: { ...byName, from: -30, until: -1 }, how: { tls: 'verify-ca' }, refused: outOfDate },
];

export function describeCertificates(version: VersionName, started: AsyncDisposableStack): void {
  describe(`where the certificate of a server of ${version} has`, () => {
    let server: TlsServer;
    let ways: readonly (readonly [string, LogIn])[];
    before(async () => {
      server = await TlsServer.open(started, version);
      ways = Object.entries(logins(dirname((await installPrograms()).mysqldump)));
    });

    const refuse = async (way: string, logIn: LogIn, access: ServerAccess, message: RegExp): Promise<void> => {
      await assert.rejects(logIn(access), { name: 'SourceTlsFailed', message: way === 'mysqldump' ? ofProgram : message }, way);
    };

    for (const { certificate, wanted, how, refused } of cases) {
      it(`${certificate}, every login ${refused === undefined ? 'goes through' : 'is refused'}`, async () => {
        await server.present(server.authority.issue(wanted));
        // Twice: the second time the driver resumes the session of the first.
        for (const [way, logIn] of [...ways, ...ways]) {
          if (refused === undefined) await logIn(server.access(how));
          else await refuse(way, logIn, server.access(how), refused);
        }
      });
    }

    for (const { certificate, wanted, how, refused = outOfDate } of datedCases) {
      it(`${certificate}, every login is refused`, async () => {
        const front = await TlsFront.open(started, { behind: server.running, accept: () => true, certificate: server.authority.issue(wanted) });
        for (const [way, logIn] of ways) await refuse(way, logIn, server.access({ ...how, port: front.port }), refused);
        assert.deepEqual(front.logins, []);
      });
    }

    it('the right name first and a wrong one later, the later login is refused', async () => {
      await server.present(server.authority.issue({ ...byName, ...byAddress }));
      for (const how of [{}, { host }]) for (const [, logIn] of ways) await logIn(server.access(how));
      await server.present(server.authority.issue(foreign));
      for (const how of [{}, { host }]) for (const [way, logIn] of ways) await refuse(way, logIn, server.access(how), wrongName);
    });

    it('a wrong name that verify-ca lets through, verify refuses it afterwards', async () => {
      await server.present(server.authority.issue(foreign));
      for (const how of [{}, { host }]) {
        for (const [, logIn] of ways) await logIn(server.access({ ...how, tls: 'verify-ca' }));
        for (const [way, logIn] of ways) await refuse(way, logIn, server.access(how), wrongName);
      }
    });
  });
}
