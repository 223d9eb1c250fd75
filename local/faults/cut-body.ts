/** An answer whose body ends too soon, as a broken connection or a storage node that hangs leaves it. */
import type { ServerResponse } from 'node:http';

/** Half of the body is sent; then the connection is closed, or nothing more ever comes. An answer without a body passes. */
export function cutBody(response: ServerResponse, how: 'truncated' | 'stalled'): void {
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  const end = response.end.bind(response);
  let left: number | undefined;
  const send = (chunk: unknown): void => {
    left ??= Math.floor(Number(response.getHeader('content-length') ?? 0) / 2);
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
