import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyTRPCRouter, TRPCError } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { createLeanHandler, type LeanRequest } from './lean-trpc';

/** A tRPC request's address, taken apart. Errors: URIError for a path that is not well-formed. */
export type TrpcCall = {
  /** The path behind the prefix, as it was sent. */
  encodedPath: string;
  paths: readonly string[];
  isBatch: boolean;
  input: string | undefined;
  /** Nothing in the query but `batch` and `input` in their usual spelling. */
  plain: boolean;
};

/** A query that is spelled as the library's own client spells it; null for any other. */
function readPlainQuery(query: string): { isBatch: boolean; input: string | undefined } | null {
  let isBatch = false;
  let input: string | undefined;
  for (const part of query === '' ? [] : query.split('&')) {
    if (part === 'batch=1') isBatch = true;
    else if (part.startsWith('input=') && input === undefined) {
      try {
        input = decodeURIComponent(part.slice(6).replaceAll('+', ' '));
      } catch {
        return null;
      }
    } else return null;
  }
  return { isBatch, input };
}

export function readCall(encodedPath: string, query: string): TrpcCall {
  const plain = readPlainQuery(query);
  // What is counted must be what is run: any other spelling is read exactly as the stock adapter reads it.
  const isBatch = plain === null ? new URLSearchParams(query).get('batch') === '1' : plain.isBatch;
  const path = encodedPath.includes('%') ? decodeURIComponent(encodedPath) : encodedPath;
  return {
    encodedPath,
    paths: isBatch ? path.split(',') : [path],
    isBatch,
    input: plain?.input,
    plain: plain !== null,
  };
}

/** Whether a request says that its body is JSON; media types are case-insensitive (RFC 9110, 8.3.1). */
export function hasJsonBody(req: IncomingMessage): boolean {
  const type = req.headers['content-type'];
  if (type === 'application/json') return true;
  return type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

type Options<Context> = {
  router: AnyTRPCRouter;
  maxBodySize: number;
  maxBatchSize: number;
  onError: (failure: { error: TRPCError; path: string | undefined; ctx: Context | undefined }) => void;
};

/**
 * Answers tRPC over HTTP: what the lean handler takes goes there, everything else (subscriptions, streamed
 * batches, forms, other methods, unusual queries) to the library's own adapter. The bytes are the same.
 */
export function createTrpcHttp<Context extends object>({ router, onError, ...limits }: Options<Context>) {
  const lean = createLeanHandler<Context>(router, onError);

  function leanRequest(req: IncomingMessage, call: TrpcCall, body: string | undefined): LeanRequest | null {
    const { headers, method } = req;
    if (!call.plain || headers['trpc-accept'] !== undefined) return null;
    if (headers.accept?.includes('application/jsonl') === true) return null;
    const isGet = method === 'GET';
    const isJson = hasJsonBody(req);
    if (isGet ? headers['content-type'] !== undefined && !isJson : method !== 'POST' || !isJson) return null;
    const request: LeanRequest = {
      method: isGet ? 'GET' : 'POST',
      paths: call.paths,
      isBatch: call.isBatch,
      inputText: isGet ? call.input : body,
    };
    return lean.takes(request) ? request : null;
  }

  /** `body` is the text that was read already; without one the stock adapter reads the request itself. */
  return async function answer(
    req: IncomingMessage,
    res: ServerResponse,
    call: TrpcCall,
    ctx: Context,
    body?: string,
  ): Promise<void> {
    const request = leanRequest(req, call, body);
    if (request === null) {
      return nodeHTTPRequestHandler({
        ...limits,
        router,
        req: body === undefined ? req : Object.assign(req, { body }),
        res,
        path: call.encodedPath,
        createContext: () => Promise.resolve(ctx),
        onError: (failure) => onError({ error: failure.error, path: failure.path, ctx }),
      });
    }
    const answered = await lean.handle(request, ctx);
    if (res.destroyed) return;
    res.writeHead(answered.status, {
      vary: 'trpc-accept, accept',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answered.body),
    });
    res.end(answered.body);
  };
}
