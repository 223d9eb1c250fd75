/** AWS STS on one machine: who is asking. Nobody is authenticated here, so it is always the same caller. */
import { randomUUID } from 'node:crypto';
import { notImplemented } from '../endpoint/aws-error.ts';
import type { QueryHandler } from '../endpoint/handlers.ts';
import { element } from '../endpoint/xml.ts';

/** Source: AWS STS API Reference, "GetCallerIdentity". */
export function createIdentity({ account }: { readonly account: string }): QueryHandler {
  return (operation) =>
    Promise.resolve().then(() => {
      if (operation !== 'GetCallerIdentity') throw notImplemented('STS', operation);
      const caller = [element('Arn', `arn:aws:iam::${account}:user/local`), element('UserId', account), element('Account', account)];
      return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
        `<GetCallerIdentityResult>${caller.join('')}</GetCallerIdentityResult>` +
        `<ResponseMetadata>${element('RequestId', randomUUID())}</ResponseMetadata></GetCallerIdentityResponse>`
      );
    });
}
