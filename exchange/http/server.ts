import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { FaultOf, Subject } from '../control/fault';
import { spoil } from '../control/http-faults';
import { REFUSALS, Refusal } from '../orders/refusals';
import { authenticate } from '../venue/accounts';
import type { Venue } from '../venue/venue';
import type { AccountCall, Reply } from './call';
import { RateLimit, type RateState } from './rate-limit';
import { readBody } from './read-body';
import { type AccountRoute, type FindRoute, makeRouter, type Route } from './router';

/** What the server needs to know besides its routes. */
export interface ServerParts {
  readonly venue: Venue;
  readonly routes: readonly Route[];
  readonly controlToken: string;
  readonly plan: 'free' | 'paid';
  /** Requests a minute for each account, null for no limit. */
  readonly rateLimit: number | null;
  /** Hears of faults of ours, with the id the client was given. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** The HTTP side of the exchange. Sockets are upgraded elsewhere. */
export function makeServer(parts: ServerParts): Server {
  const find = makeRouter(parts.routes);
  const limits = new RateLimit(parts.rateLimit, () => Date.now());
  const server = createServer((request, response) => {
    const requestId = randomUUID().replaceAll('-', '');
    response.setHeader('X-Request-ID', requestId);
    answer(parts, find, limits, request, response)
      .catch((error: unknown) => {
        if (error instanceof Refusal) return { status: error.status, body: error.body() };
        parts.onError(error, requestId);
        const refusal = REFUSALS.internal();
        return { status: refusal.status, body: refusal.body() };
      })
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

async function answer(
  parts: ServerParts,
  find: FindRoute,
  limits: RateLimit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Reply> {
  const [path, search] = splitOnce(request.url ?? '/');
  const found = find(request.method ?? 'GET', path);
  if (found === null) throw REFUSALS.endpointNotFound();
  const { venue, plan } = parts;
  const query = new URLSearchParams(search);
  const { route, params } = found;
  if (route.kind === 'control') {
    if (!isLoopback(request)) throw REFUSALS.endpointNotFound();
    if (!isToken(request.headers.authorization, parts.controlToken)) throw REFUSALS.unauthorized();
    const call = { venue, params, query, plan, body: await readBody(request) };
    if (request.method !== 'GET' && venue.isFull) throw REFUSALS.journalFull();
    return whole(venue, () => route.run(call));
  }
  const keyId = headerOf(request, 'apca-api-key-id');
  // What anyone may see is shown without keys; wrong keys are refused even there.
  if (route.kind === 'public' && keyId === '' && request.headers.authorization === undefined) {
    countIn(limits.take(`public/${request.socket.remoteAddress ?? ''}`), response, 'data');
    return route.run({ venue, params, query, plan, body: undefined });
  }
  const account = authenticate(venue, keyId, headerOf(request, 'apca-api-secret-key'));
  if (account === null) throw REFUSALS.unauthorized();
  const family = route.kind === 'trading' ? 'trading' : 'data';
  countIn(limits.take(`${family}/${account.id}`), response, family);
  const body = await readBody(request);
  // While the body came, a full disk may have put another object in the account's place.
  const current = venue.books.accounts.get(account.id) ?? account;
  const call: AccountCall = { venue, account: current, params, query, plan, body };
  return runWithFaults(request.method ?? 'GET', path, { ...call, route });
}

/** Runs what may change state; the answer leaves when all that it rests on is on disk. */
async function whole(venue: Venue, run: () => Promise<Reply> | Reply): Promise<Reply> {
  const { undone } = venue;
  venue.catchUp();
  const reply = await run();
  await venue.durable();
  if (venue.undone !== undone) throw REFUSALS.journalFull();
  return reply;
}

/** Runs a route between the faults that strike before it and those that strike after it. */
async function runWithFaults(
  method: string,
  path: string,
  { route, ...call }: AccountCall & { route: AccountRoute },
): Promise<Reply> {
  const { venue } = call;
  const { faults } = venue;
  if (method !== 'GET' && venue.isFull) throw REFUSALS.journalFull();
  const subject = venue.books.faults.size === 0 ? null : subjectOf(method, path, call);
  const strike = (phase: 'before' | 'after'): FaultOf<'http'> | null =>
    subject === null ? null : faults.strike('http', subject, (fault) => fault.phase === phase);
  const before = strike('before');
  if (before !== null) return spoil(before, null);
  if (subject !== null && method !== 'GET' && faults.isDiskFull(subject)) throw REFUSALS.journalFull();
  const run = (): Promise<Reply> | Reply => route.run(call);
  if (route.kind !== 'trading') venue.catchUp();
  const reply = await (route.kind === 'trading' ? whole(venue, run) : run());
  const after = strike('after');
  return after === null ? reply : spoil(after, reply);
}

const named = z.object({ client_order_id: z.string().optional(), symbol: z.string().optional() });

/** What a request is about: the order it names, in its path, its query or its body. */
function subjectOf(method: string, path: string, { account, params, query, body }: AccountCall): Subject {
  const order = account.orders.get(params['id'] ?? '');
  const sent = named.safeParse(body ?? {});
  const own = sent.success ? sent.data : {};
  return {
    method,
    path,
    account: account.keyId,
    clientOrderId: own.client_order_id ?? query.get('client_order_id') ?? order?.clientOrderId,
    symbol: own.symbol ?? params['symbol'] ?? order?.symbol,
  };
}

/** Tells the caller where he stands, and refuses him when he has asked too often. */
function countIn(rate: RateState, response: ServerResponse, family: 'trading' | 'data'): void {
  for (const [name, value] of Object.entries(rate.headers)) response.setHeader(name, value);
  if (rate.allowed) return;
  throw family === 'trading' ? REFUSALS.tooManyRequests() : new Refusal(429, null, 'too many requests.');
}

function splitOnce(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function isLoopback(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

function isToken(header: string | undefined, token: string): boolean {
  const sent = Buffer.from(header ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return token !== '' && sent.length === expected.length && timingSafeEqual(sent, expected);
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  if (reply.wire === 'hang') return;
  if (reply.wire === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.statusCode = reply.status;
  if (reply.stream !== undefined) {
    response.setHeader('Content-Type', 'text/event-stream');
    response.setHeader('Cache-Control', 'no-cache');
    response.flushHeaders();
    reply.stream(response);
    return;
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const type = typeof reply.body === 'string' ? 'application/x-ndjson' : 'application/json; charset=UTF-8';
  response.setHeader('Content-Type', type);
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  if (reply.wire === 'truncate') {
    response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
    return;
  }
  if (reply.wire === 'drip') {
    drip(response, Buffer.from(text));
    return;
  }
  response.end(text);
}

/** One byte a second, until all is said or the reader has gone. */
function drip(response: ServerResponse, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + 1));
    at += 1;
    if (at < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, 1_000);
  response.flushHeaders();
  response.on('close', () => clearInterval(timer));
}
