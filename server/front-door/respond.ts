import type { IncomingMessage, ServerResponse } from 'node:http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { DeskError } from '@/domain/errors';
import type { LimitVerdict } from '@/server/platform/limits/rate-limiter';
import type { PublicError } from '@/server/trpc/errors';

/** A request on its way through the front door. */
export type Visit = {
  req: IncomingMessage;
  res: ServerResponse;
  requestId: string;
  path: string;
  /** Everything after `?`, or empty. */
  query: string;
};

export function sendJson(visit: Visit, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  visit.res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  visit.res.end(bytes);
}

/** The fields of the 429 body; `resetTime` is epoch seconds. */
export type LimitDetail = Pick<LimitVerdict, 'limit' | 'remaining' | 'resetAt'>;

/** An error as REST sends it. */
export function restError(error: PublicError, requestId: string, limit?: LimitDetail) {
  return {
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.fields === undefined ? {} : { errors: error.fields }),
    ...(error.venueCode === undefined ? {} : { venue_code: error.venueCode }),
    ...(error.rule === undefined ? {} : { rule: error.rule }),
    ...(limit === undefined
      ? {}
      : { limit: limit.limit, remaining: limit.remaining, reset_time: limit.resetAt }),
  };
}

/** An error as a tRPC client reads it, for refusals that come before any procedure. */
export function trpcError(error: PublicError, requestId: string, limit?: LimitDetail) {
  const { status, message, ...rest } = error;
  return {
    error: {
      message,
      code: jsonRpcCode(status),
      data: {
        ...rest,
        httpStatus: status,
        requestId,
        ...(limit === undefined ? {} : { limit: limit.limit, resetTime: limit.resetAt }),
      },
    },
  };
}

function jsonRpcCode(status: number): number {
  const codes: Record<number, number> = {
    400: TRPC_ERROR_CODES_BY_KEY.BAD_REQUEST,
    401: TRPC_ERROR_CODES_BY_KEY.UNAUTHORIZED,
    403: TRPC_ERROR_CODES_BY_KEY.FORBIDDEN,
    413: TRPC_ERROR_CODES_BY_KEY.PAYLOAD_TOO_LARGE,
    415: TRPC_ERROR_CODES_BY_KEY.UNSUPPORTED_MEDIA_TYPE,
    429: TRPC_ERROR_CODES_BY_KEY.TOO_MANY_REQUESTS,
  };
  return codes[status] ?? TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR;
}

export const MAX_BODY_BYTES = 128 * 1024;

/** The whole body as text. Errors: those of `readBytes`. */
export async function readBody(req: IncomingMessage): Promise<string> {
  return textOf(await readBytes(req, MAX_BODY_BYTES));
}

/** The whole body as it came. Errors: `too_large`, without reading on; `malformed` when the caller left. */
export function readBytes(req: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Listeners instead of iteration: breaking off an iteration destroys the socket, and the answer with it.
    const refuse = (error: DeskError) => {
      req.off('data', onData);
      reject(error);
    };
    const tooLarge = () =>
      refuse(
        new DeskError('too_large', `The body is larger than ${most / 1024} kB, the most this desk reads.`),
      );
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > most) tooLarge();
      else chunks.push(chunk);
    }
    if (Number(req.headers['content-length'] ?? 0) > most) {
      tooLarge();
      return;
    }
    req.on('data', onData);
    req.once('end', () => resolve(joined(chunks)));
    req.once('error', () => refuse(new DeskError('malformed', 'The request broke off before its end.')));
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // A byte order mark is no part of the text (WHATWG Encoding, "UTF-8 decode").
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
