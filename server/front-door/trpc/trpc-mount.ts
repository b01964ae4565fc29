import { DeskError } from '@/domain/errors';
import type { Container } from '@/server/container';
import { appRouter } from '@/server/routers/root';
import { createContext } from '@/server/trpc/create-context';
import { publicError } from '@/server/trpc/errors';
import { identify, LimitedError, refuseForeignOrigin, refuseSecretsInAddress, spend } from '../edge';
import { createTrpcHttp, hasJsonBody, readCall } from './lean-http';
import { listProcedures } from '../procedures';
import { MAX_BODY_BYTES, readBody, sendJson, trpcError, type Visit } from '../respond';
import { createStreamMount, STREAM_PATH } from './stream-mount';

export const TRPC_PREFIX = '/api/trpc/';
export const MAX_BATCH = 10;

/** Everything under /api/trpc/: limits and origin first, then the stream, the lean path or the stock adapter. */
export function createTrpcMount(desk: Container) {
  const listed = listProcedures(appRouter);
  const stream = createStreamMount(desk);
  const report = (path: string | undefined, error: unknown, requestId?: string) => {
    if (publicError(error).status === 500)
      desk.log.error({ err: error, path, requestId }, 'a procedure failed');
  };
  const respond = createTrpcHttp<ReturnType<typeof createContext>>({
    router: appRouter,
    maxBodySize: MAX_BODY_BYTES,
    maxBatchSize: MAX_BATCH,
    onError: ({ error, path, ctx }) => report(path, error, ctx?.requestId),
  });

  function admitBatch(paths: readonly string[]): void {
    const calls = paths.flatMap((path) => listed.get(path) ?? []);
    if (calls.some(({ meta }) => meta.limit === 'auth')) {
      throw new DeskError('malformed', 'Signing up and signing in cannot be batched. Send them alone.');
    }
    // The stock adapter refuses this too, but before it knows the request's id.
    if (new Set(calls.map(({ type }) => type)).size > 1) {
      throw new DeskError('malformed', 'Queries and mutations cannot share a batch. Send them apart.');
    }
  }

  function admit(visit: Visit, paths: readonly string[]): void {
    if (paths.length > MAX_BATCH) {
      throw new DeskError(
        'malformed',
        `A batch has at most ${MAX_BATCH} calls; this one has ${paths.length}. Send several.`,
      );
    }
    if (paths.length > 1) admitBatch(paths);
    refuseForeignOrigin(desk, visit.req);
    refuseSecretsInAddress(visit);
  }

  async function answer(visit: Visit): Promise<void> {
    const { req, res } = visit;
    const call = readCall(visit.path.slice(TRPC_PREFIX.length), visit.query);
    admit(visit, call.paths);
    const found = identify(desk, req);
    const who = found instanceof Promise ? await found : found;
    if (call.paths[0] === STREAM_PATH && !call.isBatch && (await stream.serve(visit, who))) return;
    await spend(
      desk,
      visit,
      who,
      call.paths.map((path) => listed.get(path)?.meta.limit ?? 'general'),
    );
    const isPost = req.method === 'POST';
    if (isPost && !hasJsonBody(req)) {
      throw new DeskError(
        'unsupported_media_type',
        'Send JSON, with the header Content-Type: application/json.',
      );
    }
    const body = isPost ? await readBody(req) : undefined;
    await respond(req, res, call, createContext(desk, visit.requestId, who), body);
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
