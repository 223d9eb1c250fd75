/** The XML that two requests of S3 bring: which objects to delete, which parts to join. */
import { readBody } from '../endpoint/read-body.ts';
import { sha256Of } from '../endpoint/signatures/sha-256.ts';
import { isDigest } from '../endpoint/signatures/payload.ts';
import { readXml, XmlFlaw, type XmlElement } from '../endpoint/read-xml.ts';
import { s3Error } from './errors.ts';
import type { S3Request } from './requests.ts';

/** 1,000 keys of 1,024 bytes, each byte written as a reference, are less than this. */
const limitBytes = 8 * 1024 * 1024;

/** @throws AwsError MalformedXML, XAmzContentSHA256Mismatch, RequestEntityTooLarge, NotImplemented */
export async function readXmlBody({ http, signed }: S3Request, root: string, mostElements: number): Promise<XmlElement> {
  if (signed.payload.startsWith('STREAMING-')) throw s3Error('NotImplemented', 'The local runtime takes no XML in an aws-chunked body.');
  const body = await readBody(http, limitBytes);
  if (isDigest(signed.payload) && sha256Of(body) !== signed.payload) {
    throw s3Error('XAmzContentSHA256Mismatch', 'The body does not have the SHA-256 that x-amz-content-sha256 names.');
  }
  try {
    const element = await readXml(body.toString(), mostElements);
    if (element.name === root) return element;
    throw new XmlFlaw(`its root is ${element.name}, not ${root}`);
  } catch (error) {
    if (!(error instanceof XmlFlaw)) throw error;
    const what = 'The XML you provided was not well-formed or did not validate against our published schema';
    throw s3Error('MalformedXML', `${what}: ${error.message}.`);
  }
}
