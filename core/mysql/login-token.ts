/** What a login by AWS IAM takes in the place of a password: a signed URL that a server accepts for 15 minutes. */
import { readFile } from 'node:fs/promises';
import { Signer } from '@aws-sdk/rds-signer';
import { FerryError } from '../errors.ts';
import type { ServerAccess } from '../server-access.ts';

/** One for each account: a signer keeps its credentials until they expire, and gets new ones by itself. */
const signers = new Map<string, Signer>();

/**
 * A new token, for one connection. It is signed on this machine: nothing is asked of AWS but the credentials of the role.
 * @throws FerryError InvalidInput without a region, CredentialsMissing without credentials to sign with
 */
export async function loginToken(access: ServerAccess): Promise<string> {
  if (access.tokenFile !== undefined) return readFile(access.tokenFile, 'utf8');
  const { host, port, username } = access;
  const region = regionOf(access);
  const account = JSON.stringify([host, port, username, region]);
  const signer = signers.get(account) ?? new Signer({ hostname: host, port, username, region });
  signers.set(account, signer);
  try {
    return await signer.getAuthToken();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new FerryError('CredentialsMissing', `There are no AWS credentials to sign a login of ${username} at ${host} with: ${said}`, { cause: error });
  }
}

/** The server's, not that of the program: a source may be in another region than the stack. */
function regionOf({ host, region }: ServerAccess): string {
  const known = region ?? /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1] ?? process.env['AWS_REGION'];
  if (known !== undefined && known !== '') return known;
  throw new FerryError('InvalidInput', `In which region is ${host}? A login by IAM needs to know: say "region" in its secret, or set AWS_REGION.`);
}
