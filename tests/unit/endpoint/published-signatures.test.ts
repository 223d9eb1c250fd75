/**
 * The examples with which AWS documents Signature Version 4, so that the check is not only compared with itself.
 * Source: Amazon S3 API Reference, "Signature calculations for the Authorization header" (single chunk; multiple chunks;
 * multiple chunks with trailing headers), and "Authenticating requests: using query parameters".
 */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { SignatureCheck, type SignedRequest } from '../../../local/endpoint/signatures/check.ts';
import { signedPayload } from '../../../local/endpoint/signatures/payload.ts';
import { AwsChunkedDecoder } from '../../../local/s3/aws-chunked.ts';
import { ChunkSignatures } from '../../../local/s3/chunk-signatures.ts';

const example = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const scope = `${example.id}/20130524/us-east-1/s3/aws4_request`;
const date = '20130524T000000Z';
const noon = Date.UTC(2013, 4, 24);

async function verify(method: string, url: string, headers: Record<string, string>, now = noon): Promise<SignedRequest> {
  const check = new SignatureCheck({ secretOf: (id) => (id === example.id ? example.secret : undefined), now: () => now });
  const request = { method, url, headers } as unknown as IncomingMessage;
  const claim = check.claim(request, 's3', 's3');
  return check.verify(request, claim, signedPayload(request, claim));
}

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('the published signature', () => {
  it('of a GetObject with a range is found right, and any other is not', async () => {
    const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
    const headers = { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9', 'x-amz-content-sha256': empty, 'x-amz-date': date };
    const signed = { ...headers, authorization: authorization('host;range;x-amz-content-sha256;x-amz-date', signature) };
    assert.equal((await verify('GET', '/test.txt', signed)).accessKeyId, example.id);
    await assert.rejects(verify('GET', '/test2.txt', signed), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(verify('GET', '/test.txt?acl', signed), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(verify('DELETE', '/test.txt', signed), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(verify('GET', '/test.txt', { ...signed, range: 'bytes=0-99' }), { code: 'SignatureDoesNotMatch' });
  });

  it('of a presigned link is found right until it has expired', async () => {
    const signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const words = [`X-Amz-Credential=${encodeURIComponent(scope)}`, `X-Amz-Date=${date}`, 'X-Amz-Expires=86400', 'X-Amz-SignedHeaders=host'];
    const url = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&${words.join('&')}&X-Amz-Signature=${signature}`;
    const headers = { host: 'examplebucket.s3.amazonaws.com' };
    assert.equal((await verify('GET', url, headers)).payload, 'UNSIGNED-PAYLOAD');
    assert.ok(await verify('GET', url, headers, noon + 86_400_000));
    await assert.rejects(verify('GET', url, headers, noon + 86_401_000), { code: 'AccessDenied', message: 'Request has expired' });
    await assert.rejects(verify('GET', url.replace('86400', '96400'), headers), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(verify('PUT', url, headers), { code: 'SignatureDoesNotMatch' });
  });

  const chunked = {
    'content-encoding': 'aws-chunked',
    host: 's3.amazonaws.com',
    'x-amz-date': date,
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  };

  it('of each chunk of a streamed body is found right, whatever the pieces in which it comes', async () => {
    const names = 'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class';
    const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
    const signed = await verify('PUT', '/examplebucket/chunkObject.txt', {
      ...chunked, 'content-length': '66824', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', authorization: authorization(names, seed),
    });
    const body = bodyOf([
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ], ['']);
    assert.equal(body.length, 66_824);
    for (const size of [1, 999, 70_000]) assert.equal(await decode(signed, body, size), 66_560);
    const changed = Buffer.from(body);
    changed[70_000 - 4_000] = 0x62;
    await assert.rejects(decode(signed, changed, 4_096), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(decode(signed, Buffer.from(body.toString('latin1').replaceAll(/;chunk-signature=\w+/g, ''), 'latin1'), 4_096), { code: 'SignatureDoesNotMatch' });
  });

  it('of a trailer is found right', async () => {
    const names = 'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer';
    const seed = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';
    const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
    const headers = { ...chunked, 'x-amz-content-sha256': payload, 'x-amz-trailer': 'x-amz-checksum-crc32c' };
    const signed = await verify('PUT', '/examplebucket/chunkObject.txt', { ...headers, authorization: authorization(names, seed) });
    const signatures = [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ];
    const trailer = (sum: string): string[] => [`x-amz-checksum-crc32c:${sum}`, 'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435', ''];
    assert.equal(await decode(signed, bodyOf(signatures, trailer('sOO8/Q==')), 10_000), 66_560);
    await assert.rejects(decode(signed, bodyOf(signatures, trailer('sOO8/A==')), 10_000), { code: 'SignatureDoesNotMatch' });
    await assert.rejects(decode(signed, bodyOf(signatures, ['x-amz-checksum-crc32c:sOO8/Q==', '']), 10_000), { code: 'SignatureDoesNotMatch' });
  });
});

/** 66,560 times `a`, in chunks of 64 KiB. */
function bodyOf(signatures: readonly string[], trailer: readonly string[]): Buffer {
  const [first = '', second = '', last = ''] = signatures;
  const chunk = (size: number, signature: string): string => `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}`;
  return Buffer.from([chunk(65_536, first), chunk(1_024, second), `0;chunk-signature=${last}`, ...trailer, ''].join('\r\n'));
}

/** @returns how much data there was */
async function decode(signed: SignedRequest, body: Buffer, pieceBytes: number): Promise<number> {
  const signatures = ChunkSignatures.of(signed);
  const decoder = new AwsChunkedDecoder(signatures);
  let size = 0;
  for (let start = 0; start < body.length; start += pieceBytes) {
    for (const piece of decoder.decode(body.subarray(start, start + pieceBytes))) size += piece.length;
    await signatures?.check();
  }
  assert.ok(decoder.finished);
  return size;
}
