/** How AWS's services refuse a request that is not signed, or not rightly: each family has names of its own. */
import { AwsError } from '../aws-error.ts';

/** Of the service that was called: an AWS JSON protocol, Lambda's REST, the query protocol, or S3. */
export type Wire = 'json' | 'lambda' | 'query' | 's3';

export type Refusal = 'unsigned' | 'malformed' | 'unknownKey' | 'mismatch' | 'skewed';

type Answers = Readonly<Record<Refusal, readonly [code: string, status: number]>>;

/**
 * Source: each service's API reference, "Common errors" ("Error responses" for S3), and what the services answer where that
 * list and they differ: DynamoDB's MissingAuthenticationTokenException, and S3's AccessDenied for whoever is anonymous.
 */
const answers: Readonly<Record<Wire, Answers>> = {
  json: {
    unsigned: ['MissingAuthenticationTokenException', 400],
    malformed: ['IncompleteSignatureException', 400],
    unknownKey: ['UnrecognizedClientException', 400],
    mismatch: ['InvalidSignatureException', 400],
    skewed: ['RequestExpired', 400],
  },
  lambda: {
    unsigned: ['MissingAuthenticationTokenException', 403],
    malformed: ['IncompleteSignatureException', 403],
    unknownKey: ['UnrecognizedClientException', 403],
    mismatch: ['InvalidSignatureException', 403],
    skewed: ['RequestExpired', 400],
  },
  query: {
    unsigned: ['MissingAuthenticationToken', 403],
    malformed: ['IncompleteSignature', 400],
    unknownKey: ['InvalidClientTokenId', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['RequestExpired', 400],
  },
  s3: {
    unsigned: ['AccessDenied', 403],
    malformed: ['AuthorizationHeaderMalformed', 400],
    unknownKey: ['InvalidAccessKeyId', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    skewed: ['RequestTimeTooSkewed', 403],
  },
};

const messages: Readonly<Record<Refusal, string>> = {
  unsigned:
    'The request is not signed. The local runtime takes requests that are signed with an access key of its own; ' +
    'the operator\'s is in runtime.json of its state folder.',
  malformed: 'The authentication of the request is not as AWS Signature Version 4 has it.',
  unknownKey:
    'The access key is not one that this local runtime has issued since it started; ' +
    'the operator\'s is in runtime.json of its state folder.',
  mismatch:
    'The request signature we calculated does not match the signature you provided. ' +
    'Check the secret access key and the signing method.',
  skewed: 'The time of the request differs too much from that of the local runtime: 15 minutes are allowed.',
};

/** @param reason in the place of the usual message */
export function refusalOf(wire: Wire, refusal: Refusal, reason?: string): AwsError {
  const [code, status] = answers[wire][refusal];
  return new AwsError(code, reason ?? messages[refusal], status);
}
