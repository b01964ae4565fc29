import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { DeskError } from '@/domain/errors';
import type { Authenticated } from '@/server/auth/authenticator';
import type { Container } from '@/server/container';
import { appRouter } from '@/server/routers/root';
import { createContext } from '@/server/trpc/create-context';
import { publicError } from '@/server/trpc/errors';
import { identify, LimitedError, refuseForeignOrigin, spend } from '../edge';
import { createLeanHandler, type LeanRequest } from './lean-trpc';
import { listProcedures } from '../procedures';
import { MAX_BODY_BYTES, readBody, sendJson, trpcError, type Visit } from '../respond';
import { createStreamMount, STREAM_PATH } from './stream-mount';

export const TRPC_PREFIX = '/api/trpc/';
export const MAX_BATCH = 10;

/** What the lean path reads of the query string; any other parameter means the stock adapter. */
function readQuery(query: string): { isBatch: boolean; input: string | undefined; plain: boolean } {
  let isBatch = false;
  let input: string | undefined;
  let plain = true;
  for (const part of query === '' ? [] : query.split('&')) {
    if (part === 'batch=1') isBatch = true;
    else if (part.startsWith('input=') && input === undefined)
      input = decodeURIComponent(part.slice(6).replaceAll('+', ' '));
    else plain = false;
  }
  return { isBatch, input, plain };
}

function pathsOf(encoded: string, isBatch: boolean): string[] {
  const path = encoded.includes('%') ? decodeURIComponent(encoded) : encoded;
  return isBatch ? path.split(',') : [path];
}

/** Everything under /api/trpc/: limits and origin first, then the stream, the lean path or the stock adapter. */
export function createTrpcMount(desk: Container) {
  const listed = listProcedures(appRouter);
  const stream = createStreamMount(desk);
  const report = (path: string | undefined, error: unknown, requestId?: string) => {
    if (publicError(error).status === 500)
      desk.log.error({ err: error, path, requestId }, 'a procedure failed');
  };
  const lean = createLeanHandler<ReturnType<typeof createContext>>(appRouter, ({ error, path, ctx }) =>
    report(path, error, ctx.requestId),
  );

  function stock(visit: Visit, who: Authenticated | null, path: string, body?: string): Promise<void> {
    const req = body === undefined ? visit.req : Object.assign(visit.req, { body });
    return nodeHTTPRequestHandler({
      router: appRouter,
      req,
      res: visit.res,
      path,
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: MAX_BATCH,
      createContext: () => Promise.resolve(createContext(desk, visit.requestId, who)),
      onError: ({ error, path: failed }) => report(failed, error, visit.requestId),
    });
  }

  function admit(visit: Visit, paths: readonly string[]): void {
    if (paths.length > MAX_BATCH) {
      throw new DeskError(
        'malformed',
        `A batch has at most ${MAX_BATCH} calls; this one has ${paths.length}. Send several.`,
      );
    }
    if (paths.length > 1 && paths.some((path) => listed.get(path)?.meta.limit === 'auth')) {
      throw new DeskError('malformed', 'Signing up and signing in cannot be batched. Send them alone.');
    }
    refuseForeignOrigin(desk, visit.req);
  }

  async function answer(visit: Visit): Promise<void> {
    const { req, res } = visit;
    const { isBatch, input, plain } = readQuery(visit.query);
    const encoded = visit.path.slice(TRPC_PREFIX.length);
    const paths = pathsOf(encoded, isBatch);
    admit(visit, paths);
    const found = identify(desk, req);
    const who = found instanceof Promise ? await found : found;
    if (paths[0] === STREAM_PATH && !isBatch && (await stream.serve(visit, who))) return;
    await spend(
      desk,
      visit,
      who,
      paths.map((path) => listed.get(path)?.meta.limit ?? 'general'),
    );

    const isGet = req.method === 'GET';
    const isJsonPost =
      req.method === 'POST' && /^application\/json\b/i.test(req.headers['content-type'] ?? '');
    if (req.method === 'POST' && !isJsonPost) {
      throw new DeskError(
        'unsupported_media_type',
        'Send JSON, with the header Content-Type: application/json.',
      );
    }
    const body = isJsonPost ? await readBody(req) : undefined;
    const streams =
      req.headers['trpc-accept'] !== undefined || (req.headers.accept ?? '').includes('application/jsonl');
    const request: LeanRequest = {
      method: isGet ? 'GET' : 'POST',
      paths,
      isBatch,
      inputText: isGet ? input : body,
    };
    if (!plain || streams || !(isGet || isJsonPost) || !lean.takes(request))
      return stock(visit, who, encoded, body);
    const answered = await lean.handle(request, createContext(desk, visit.requestId, who));
    if (res.destroyed) return;
    res.writeHead(answered.status, {
      vary: 'trpc-accept, accept',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answered.body),
    });
    res.end(answered.body);
  }

  return {
    closeStreams: () => stream.close(),
    async serve(visit: Visit): Promise<void> {
      try {
        await answer(visit);
      } catch (error) {
        if (visit.res.headersSent) throw error;
        const malformed =
          error instanceof URIError ? new DeskError('malformed', 'The address is not well-formed.') : error;
        const limit = malformed instanceof LimitedError ? malformed.verdict : undefined;
        const shown = publicError(malformed);
        report(visit.path, malformed, visit.requestId);
        // A refused body is not read to its end, so the connection cannot be used again.
        if (shown.code === 'too_large') visit.res.setHeader('connection', 'close');
        const failure = trpcError(shown, visit.requestId, limit);
        const detail =
          limit === undefined
            ? {}
            : {
                detail: shown.message,
                limit: limit.limit,
                remaining: limit.remaining,
                reset_time: limit.resetAt,
              };
        sendJson(visit, shown.status, { ...failure, ...detail });
      }
    },
  };
}
