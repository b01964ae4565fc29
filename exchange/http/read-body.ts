import type { IncomingMessage } from 'node:http';
import { REFUSALS } from '../orders/refusals';

const MOST_BYTES = 256 * 1024;

/** Reads a request's JSON body; `undefined` when it has none. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'DELETE') return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!(part instanceof Buffer)) throw REFUSALS.malformedBody();
    size += part.length;
    if (size > MOST_BYTES) throw REFUSALS.malformedBody();
    parts.push(part);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw REFUSALS.malformedBody();
  }
}
