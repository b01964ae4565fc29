import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Container } from '@/server/container';
import { publicError } from '@/server/trpc/errors';
import { identify, LimitedError, refuseForeignOrigin, spend } from './edge';
import { createHealthMount } from './health';
import { createMetricsMount } from './metrics';
import { createHookMount } from './hook-mount';
import { openApiDocument } from './rest/openapi';
import { restError, sendJson, type Visit } from './respond';
import { createRestMount } from './rest/rest-mount';
import { setCommonHeaders, setPageHeaders } from './security-headers';
import { createTrpcMount, TRPC_PREFIX } from './trpc/trpc-mount';

type NextHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const REQUEST_ID = /^[\w.-]{8,64}$/;
/** Room for a batch of calls in an address; Node's own 16 kB is less than the batch that deserves an answer. */
const MAX_HEADER_BYTES = 64 * 1024;
const SIGN_IN = '/api/auth/callback/credentials';

export type FrontDoor = { server: Server; stop(): Promise<void> };

/** The HTTP server before everything: probes, tRPC and REST answered here, pages handed to Next. */
export function createFrontDoor(desk: Container, next: NextHandler): FrontDoor {
  let stopping = false;
  const trpc = createTrpcMount(desk);
  const rest = createRestMount(desk);
  const health = createHealthMount(desk, () => stopping);
  const metrics = createMetricsMount(desk);
  const hooks = createHookMount(desk);
  const openApi = openApiDocument(desk.system.version);

  /** Next's own routes: signing in is limited like the API's, and no other site's page may post here. */
  async function serveNext(visit: Visit): Promise<void> {
    const { req, res } = visit;
    refuseForeignOrigin(desk, req);
    if (visit.path === SIGN_IN && req.method === 'POST') await spend(desk, visit, null, ['auth']);
    else if (visit.path.startsWith('/api/')) await spend(desk, visit, await identify(desk, req), ['general']);
    if (visit.path.startsWith('/_next/static/')) res.removeHeader('cache-control');
    setPageHeaders(desk.env, req, res);
    await next(req, res);
  }

  async function dispatch(visit: Visit): Promise<void> {
    const { path, req } = visit;
    if (path.startsWith(TRPC_PREFIX)) return trpc.serve(visit);
    if (health.takes(path)) return health.serve(visit);
    if (metrics.takes(path)) return metrics.serve(visit);
    if (path === '/openapi.json') return sendJson(visit, 200, openApi);
    if (path === '/' && wantsJson(req))
      return sendJson(visit, 200, { ...desk.system, links: { openapi: '/openapi.json', health: '/health' } });
    if (hooks.takes(path)) return hooks.serve(visit);
    if (rest.takes(path)) return rest.serve(visit);
    return serveNext(visit);
  }

  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (req, res) => {
    const url = req.url ?? '/';
    const given = req.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    setCommonHeaders(res, requestId);
    if (stopping) res.setHeader('connection', 'close');
    const at = url.indexOf('?');
    const visit: Visit = {
      req,
      res,
      requestId,
      path: at < 0 ? url : url.slice(0, at),
      query: at < 0 ? '' : url.slice(at + 1),
    };
    // An absolute-form target would let a caller choose the host that later code believes in.
    if (!url.startsWith('/'))
      return sendJson(visit, 400, {
        detail: 'The request target must be a path.',
        code: 'malformed',
        request_id: requestId,
      });
    dispatch(visit).catch((error: unknown) => {
      const shown = publicError(error);
      if (shown.status === 500)
        desk.log.error({ err: error, path: visit.path, requestId }, 'a request failed');
      if (res.headersSent) res.destroy();
      else {
        const limit = error instanceof LimitedError ? error.verdict : undefined;
        sendJson(visit, shown.status, restError(shown, requestId, limit));
      }
    });
  });
  server.on('clientError', refuseUnreadable);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = 0;

  return {
    server,
    async stop() {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      trpc.closeStreams();
      server.closeIdleConnections();
      const killer = setTimeout(() => server.closeAllConnections(), 1_500);
      await closed;
      clearTimeout(killer);
    },
  };
}

/** What Node's parser could not read never becomes a request, so its answer is written by hand. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const requestId = randomUUID();
  const body = JSON.stringify({
    detail: isTooLarge
      ? `The address and headers are larger than ${MAX_HEADER_BYTES / 1024} kB. Send a smaller batch.`
      : 'The request is not well-formed HTTP.',
    code: isTooLarge ? 'too_large' : 'malformed',
    request_id: requestId,
  });
  const status = isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nX-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function wantsJson(req: IncomingMessage): boolean {
  const accept = req.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}
