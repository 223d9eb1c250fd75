/** An answer whose body ends too soon, as a broken connection or a storage node that hangs leaves it. */
import type { ServerResponse } from 'node:http';

/** Half of the body is sent; then the connection is closed, or nothing more ever comes. An answer without a body passes. */
export function cutBody(response: ServerResponse, how: 'truncated' | 'stalled'): void {
  const write = response.write.bind(response);
  const writeHead = response.writeHead.bind(response) as (...values: unknown[]) => ServerResponse;
  let length = 0;
  response.writeHead = ((...values: unknown[]): ServerResponse => {
    const headers = values.at(-1);
    if (typeof headers === 'object' && headers !== null) length = lengthIn(headers);
    return writeHead(...values);
  });
  const end = response.end.bind(response);
  let left: number | undefined;
  const send = (chunk: unknown): void => {
    left ??= Math.floor(length / 2);
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    if (left > 0) write(bytes.subarray(0, left));
    left -= Math.min(left, bytes.length);
    if (left === 0 && how === 'truncated') setImmediate(() => response.destroy());
  };
  response.write = ((chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
    send(chunk);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }) as typeof response.write;
  response.end = ((chunk?: unknown): ServerResponse => {
    const hasBody = (typeof chunk === 'string' || chunk instanceof Uint8Array) && chunk.length > 0;
    if (!hasBody && left === undefined) return end();
    if (hasBody) send(chunk);
    return response;
  }) as typeof response.end;
}

function lengthIn(headers: object): number {
  const [, length] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length') ?? [];
  return Number(length ?? 0);
}
