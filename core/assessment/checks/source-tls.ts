import type { ServerCheck } from '../check.ts';
import { isOn, variable } from '../look.ts';
import { isAtLeast, isMariaDb } from '../../mysql-versions.ts';

export const sourceTls: ServerCheck = {
  id: 'source-tls',
  scope: 'server',
  severity: 'warning',
  catalogue: ['E3'],
  cause: 'The source offers no TLS 1.2.',
  consequence: "Today's clients refuse older TLS, so dumps must travel unencrypted (--source-tls disabled).",
  remedy: 'Keep dump tasks and source in one private network, or between them a tunnel, and write it down in the security report.',
  *find({ source }) {
    const [versions, offered] = [variable(source, 'tls_version'), variable(source, 'have_ssl')];
    const isOff = offered !== undefined && !/^YES$/i.test(offered) && !isOn(offered);
    const flaws = [
      // A server that was started without TLS has a list of versions all the same.
      ...(isOff ? [`have_ssl ${offered}`] : []),
      ...(versions !== undefined && !/TLSv1\.[23]/.test(versions) ? [`tls_version ${versions}`] : []),
    ];
    if (flaws.length > 0) yield { object: '', detail: flaws.join('; ') };
    if (flaws.length > 0 || versions !== undefined || offered === undefined) return;
    if (!isMariaDb(source.version) && !isAtLeast(source.version, 5, 6, 46)) yield { object: '', detail: `version ${source.version} knows TLS 1.0 only, or 1.1` };
  },
};
