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
    const versions = variable(source, 'tls_version');
    if (versions !== undefined) {
      if (!/TLSv1\.[23]/.test(versions)) yield { object: '', detail: `tls_version ${versions}` };
      return;
    }
    const offered = variable(source, 'have_ssl');
    if (offered === undefined) return;
    if (!/^YES$/i.test(offered) && !isOn(offered)) yield { object: '', detail: `have_ssl ${offered}` };
    else if (!isMariaDb(source.version) && !isAtLeast(source.version, 5, 6, 46)) yield { object: '', detail: `version ${source.version} knows TLS 1.0 only, or 1.1` };
  },
};
