import { once } from 'node:events';
import { createServer, request, type RequestListener, type Server } from 'node:http';
import { initTRPC, TRPCError } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import * as fc from 'fast-check';
import superjson, { parse, serialize, stringify } from 'superjson';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Headers, type Reply, send } from '@/server/testing/http-caller';
import { until } from '@/server/testing/until';
import { readBody } from '../respond';
import { createTrpcHttp, hasJsonBody, readCall } from './lean-http';

type Context = { requestId: string };

const PREFIX = '/trpc/';
const LIMITS = { maxBodySize: 128 * 1024, maxBatchSize: 10 };
const context: Context = { requestId: 'request-1' };

/** What the slow procedure waits for and tells. */
const slow = { release: () => {}, started: 0, finished: 0 };

function routerWith(transformer?: typeof superjson) {
  const t = initTRPC.context<Context>().create({
    isDev: false,
    ...(transformer === undefined ? {} : { transformer }),
    errorFormatter: ({ shape, error, ctx, input, path, type }) => ({
      ...shape,
      data: {
        ...shape.data,
        issues: error.cause instanceof z.ZodError ? error.cause.issues.length : null,
        requestId: ctx?.requestId ?? null,
        input: input ?? null,
        path: path ?? null,
        type,
      },
    }),
  });
  return t.router({
    hello: t.procedure.query(() => 'hello'),
    nothing: t.procedure.query(() => undefined),
    echo: t.procedure.input(z.unknown()).query(({ input }) => ({ input })),
    named: t.procedure
      .input(z.object({ name: z.string().min(2), at: z.unknown().optional() }))
      .query(({ input }) => `hello ${input.name}`),
    add: t.procedure
      .input(z.object({ a: z.number(), b: z.number() }))
      .mutation(({ input }) => ({ sum: input.a + input.b })),
    accept: t.procedure.input(z.unknown()).mutation(({ input }) => ({ input })),
    refuse: t.procedure.query(() => {
      throw new TRPCError({ code: 'FORBIDDEN', message: 'not for you' });
    }),
    crash: t.procedure.query(() => {
      throw new Error('a secret detail');
    }),
    unserialisable: t.procedure.query(() => 10n),
    guarded: t.procedure
      .input(z.object({ a: z.number() }))
      .use(({ ctx, next }) => next({ ctx: { ...ctx, one: 1 } }))
      .use(async ({ next, input }) => {
        if (input.a === 13) throw new TRPCError({ code: 'FORBIDDEN', message: 'not this one' });
        const result = await next({ ctx: { two: 2 } });
        return result;
      })
      .input(z.object({ b: z.string().optional() }))
      .output(z.object({ sum: z.number() }))
      .query(({ ctx, input }) => ({ sum: input.a + ctx.one + ctx.two, leak: ctx.requestId })),
    wrongOutput: t.procedure.output(z.string().min(9)).query(() => 'short'),
    nested: t.router({ deep: t.procedure.query(() => ({ deep: true })) }),
    slow: t.procedure.mutation(async () => {
      slow.started += 1;
      await new Promise<void>((resolve) => {
        slow.release = resolve;
      });
      slow.finished += 1;
      return 'done';
    }),
  });
}

type Pair = { lean: string; stock: string };

const servers: Server[] = [];
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function servePair(transformer?: typeof superjson): Promise<Pair> {
  const router = routerWith(transformer);
  const answer = createTrpcHttp<Context>({ ...LIMITS, router, onError: () => {} });
  const lean = await serve((req, res) => {
    const [path = '', query = ''] = (req.url ?? '').slice(PREFIX.length).split('?', 2);
    const withBody = req.method === 'POST' && hasJsonBody(req);
    const reading = withBody ? readBody(req) : Promise.resolve(undefined);
    void reading.then((body) => answer(req, res, readCall(path, query), context, body));
  });
  const stock = await serve((req, res) => {
    const path = (req.url ?? '').slice(PREFIX.length).split('?', 1)[0] ?? '';
    void nodeHTTPRequestHandler({
      ...LIMITS,
      router,
      req,
      res,
      path,
      createContext: () => Promise.resolve(context),
    });
  });
  return { lean, stock };
}

let plain: Pair;
let transformed: Pair;
beforeAll(async () => {
  plain = await servePair();
  transformed = await servePair(superjson);
});
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

type Call = { method?: string; target: string; headers?: Headers; body?: string };

/** How the bytes are framed and when they were sent is not part of the answer. */
const FRAMING = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
const essence = ({ status, headers, text }: Reply) => ({
  status,
  text,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !FRAMING.has(name))),
});

async function ask(pair: Pair, { method = 'GET', target, headers, body }: Call) {
  const options = { ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) };
  const [lean, stock] = await Promise.all([
    send(pair.lean, method, PREFIX + target, options),
    send(pair.stock, method, PREFIX + target, options),
  ]);
  // The lean path knows the length of what it sends; the stock adapter streams.
  return { lean, stock, tookLean: lean.headers['content-length'] !== undefined };
}

const JSON_BODY = { 'content-type': 'application/json' };
const encoded = (value: unknown) => encodeURIComponent(JSON.stringify(value));
/** The same input as each transformer sends it. */
const json = (value: unknown) => ({ plain: JSON.stringify(value), superjson: stringify(value) });
const batch = (inputs: Record<number, unknown>) => ({
  plain: JSON.stringify(inputs),
  superjson: JSON.stringify(
    Object.fromEntries(Object.entries(inputs).map(([at, value]) => [at, serialize(value)])),
  ),
});

type Row = {
  title: string;
  status: number;
  lean: boolean;
  method?: string;
  path: string;
  query?: string;
  headers?: Headers;
  input?: { plain: string; superjson: string };
};

const ROWS: Row[] = [
  { title: 'a query without input', status: 200, lean: true, path: 'hello' },
  { title: 'a query that answers nothing', status: 200, lean: true, path: 'nothing' },
  { title: 'a query with input', status: 200, lean: true, path: 'named', input: json({ name: 'Ada' }) },
  {
    title: 'a query through middlewares, two inputs and an output',
    status: 200,
    lean: true,
    path: 'guarded',
    input: json({ a: 1, b: 'x' }),
  },
  { title: 'a middleware that refuses', status: 403, lean: true, path: 'guarded', input: json({ a: 13 }) },
  {
    title: 'a second input that is wrong',
    status: 400,
    lean: true,
    path: 'guarded',
    input: json({ a: 1, b: 2 }),
  },
  { title: 'an output that is wrong', status: 500, lean: true, path: 'wrongOutput' },
  { title: 'a nested path', status: 200, lean: true, path: 'nested.deep' },
  { title: 'unicode', status: 200, lean: true, path: 'named', input: json({ name: '牛 ☃ é "\u2028' }) },
  { title: 'an empty input', status: 200, lean: true, path: 'echo', query: 'input=' },
  { title: 'a null input', status: 200, lean: true, path: 'echo', input: json(null) },
  {
    title: 'an input that the schema refuses',
    status: 400,
    lean: true,
    path: 'named',
    input: json({ name: 'x' }),
  },
  { title: 'a required input left out', status: 400, lean: true, path: 'named' },
  { title: 'an unknown procedure', status: 404, lean: true, path: 'no.such' },
  { title: 'a path of an object prototype', status: 404, lean: true, path: 'constructor' },
  { title: '__proto__ as a path', status: 404, lean: true, path: '__proto__' },
  { title: 'an error the procedure throws', status: 403, lean: true, path: 'refuse' },
  { title: 'an unforeseen error', status: 500, lean: true, path: 'crash' },
  { title: 'broken JSON in the query', status: 400, lean: true, path: 'named', query: 'input=%7Bname' },
  { title: 'a batch', status: 200, lean: true, path: 'hello,nested.deep', query: 'batch=1' },
  { title: 'a batch of one', status: 200, lean: true, path: 'hello', query: 'batch=1' },
  {
    title: 'a batch with inputs',
    status: 200,
    lean: true,
    path: 'named,echo',
    query: 'batch=1',
    input: batch({ 0: { name: 'Ada' }, 1: [1] }),
  },
  {
    title: 'a batch of good and bad',
    status: 207,
    lean: true,
    path: 'hello,refuse,no.such',
    query: 'batch=1',
  },
  { title: 'a batch of bad ones alone', status: 403, lean: true, path: 'refuse,refuse', query: 'batch=1' },
  { title: 'a batch with an empty path', status: 207, lean: true, path: 'hello,,', query: 'batch=1' },
  {
    title: 'a batch whose input is no object',
    status: 400,
    lean: true,
    path: 'echo,echo',
    query: 'batch=1&input=%5B1%5D',
  },
  {
    title: 'a batch whose input is broken',
    status: 207,
    lean: true,
    path: 'hello,echo',
    query: 'batch=1&input=%7B',
  },
  { title: 'commas without batch', status: 404, lean: true, path: 'hello,hello' },
  { title: 'a percent-encoded path', status: 200, lean: true, path: 'nested%2Edeep' },
  {
    title: 'a percent-encoded comma in a batch',
    status: 200,
    lean: true,
    path: 'hello%2Chello',
    query: 'batch=1',
  },
  { title: 'a mutation', status: 200, lean: true, method: 'POST', path: 'add', input: json({ a: 1, b: 2 }) },
  {
    title: 'a mutation in upper case and with a charset',
    status: 200,
    lean: true,
    method: 'POST',
    path: 'add',
    input: json({ a: 1, b: 2 }),
    headers: { 'content-type': 'Application/JSON; charset=utf-8' },
  },
  {
    title: 'a mutation with a byte order mark',
    status: 200,
    lean: true,
    method: 'POST',
    path: 'accept',
    input: { plain: '\uFEFF1', superjson: '\uFEFF{"json":1}' },
  },
  {
    title: 'a mutation with an empty body',
    status: 400,
    lean: true,
    method: 'POST',
    path: 'add',
    input: { plain: '', superjson: '' },
  },
  {
    title: 'a mutation with broken JSON',
    status: 400,
    lean: true,
    method: 'POST',
    path: 'add',
    input: { plain: '{"a":', superjson: '{"json":' },
  },
  {
    title: 'a mutation with a wrong type',
    status: 400,
    lean: true,
    method: 'POST',
    path: 'add',
    input: json({ a: '1', b: 2 }),
  },
  {
    title: 'a batch of mutations',
    status: 200,
    lean: true,
    method: 'POST',
    path: 'add,accept',
    query: 'batch=1',
    input: batch({ 0: { a: 1, b: 2 }, 1: { deep: [null, 'x'] } }),
  },
  { title: 'a mutation by GET', status: 405, lean: false, path: 'add', input: json({ a: 1, b: 2 }) },
  { title: 'a query by POST', status: 405, lean: false, method: 'POST', path: 'hello', input: json({}) },
  {
    title: 'queries and mutations in one batch',
    status: 400,
    lean: false,
    path: 'hello,add',
    query: 'batch=1',
  },
  {
    title: 'a batch of too many',
    status: 400,
    lean: false,
    path: Array(11).fill('hello').join(','),
    query: 'batch=%31',
  },
  { title: 'PUT', status: 405, lean: false, method: 'PUT', path: 'add', input: json({ a: 1, b: 2 }) },
  { title: 'HEAD', status: 204, lean: false, method: 'HEAD', path: 'hello' },
  { title: 'OPTIONS', status: 415, lean: false, method: 'OPTIONS', path: 'hello' },
  {
    title: 'a body that is not JSON',
    status: 415,
    lean: false,
    method: 'POST',
    path: 'add',
    input: json(1),
    headers: { 'content-type': 'text/plain' },
  },
  {
    title: 'a type that only begins like JSON',
    status: 415,
    lean: false,
    method: 'POST',
    path: 'add',
    input: json({ a: 1, b: 2 }),
    headers: { 'content-type': 'application/json-patch' },
  },
  {
    title: 'a query that says it has a form',
    status: 405,
    lean: false,
    path: 'hello',
    headers: { 'content-type': 'multipart/form-data' },
  },
  {
    title: 'a streamed batch',
    status: 200,
    lean: false,
    path: 'hello,refuse',
    query: 'batch=1',
    headers: { 'trpc-accept': 'application/jsonl' },
  },
  {
    title: 'a streamed batch by Accept',
    status: 200,
    lean: false,
    path: 'hello',
    query: 'batch=1',
    headers: { accept: 'text/html, application/jsonl' },
  },
  {
    title: 'connection parameters',
    status: 200,
    lean: false,
    path: 'hello',
    query: 'connectionParams=%7B%22a%22%3A%22b%22%7D',
  },
  {
    title: 'broken connection parameters',
    status: 400,
    lean: false,
    path: 'hello',
    query: 'connectionParams=%7B',
  },
  {
    title: 'batch spelled in another way',
    status: 200,
    lean: false,
    path: 'hello,hello',
    query: 'batch=%31',
  },
  { title: 'an input given twice', status: 200, lean: false, path: 'echo', query: 'input=1&input=2' },
  { title: 'an input that is not UTF-8', status: 400, lean: false, path: 'echo', query: 'input=%FF%zz' },
];

describe.each(['plain', 'superjson'] as const)(
  'with the %s transformer, the same bytes as the stock adapter for',
  (transformer) => {
    test.each(ROWS)('$title', async ({ status, lean, method = 'GET', path, query, headers, input }) => {
      const text = input?.[transformer];
      const inQuery =
        method === 'GET' && text !== undefined ? `input=${encodeURIComponent(text)}` : undefined;
      const search = [query, inQuery].filter((part) => part !== undefined).join('&');
      const body = method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? undefined : text;
      const answers = await ask(transformer === 'plain' ? plain : transformed, {
        method,
        target: search === '' ? path : `${path}?${search}`,
        headers: { ...(body === undefined ? {} : JSON_BODY), ...headers },
        ...(body === undefined ? {} : { body }),
      });
      expect(essence(answers.lean)).toEqual(essence(answers.stock));
      expect({ status: answers.lean.status, lean: answers.tookLean }).toEqual({ status, lean });
    });
  },
);

describe('the lean mount', () => {
  test('reads + in a query as a space, as the stock adapter does', async () => {
    const { lean, stock } = await ask(plain, { target: 'named?input=%7B%22name%22:%22Ada+L%2B%22%7D' });
    expect(lean.json).toEqual({ result: { data: 'hello Ada L+' } });
    expect(essence(lean)).toEqual(essence(stock));
  });

  test('answers a result that cannot be serialised with the same error', async () => {
    const { lean, stock } = await ask(plain, { target: 'unserialisable' });
    expect(lean.status).toBe(500);
    expect(essence(lean)).toEqual(essence(stock));
  });

  test('carries a Date and a bigint through superjson', async () => {
    const at = new Date('2026-11-20T14:30:00Z');
    const target = `echo?input=${encoded(serialize({ at, big: 2n ** 60n }))}`;
    const { lean, stock } = await ask(transformed, { target });
    const data = lean.text.slice('{"result":{"data":'.length, -2);
    expect(parse(data)).toEqual({ input: { at, big: 2n ** 60n } });
    expect(essence(lean)).toEqual(essence(stock));
  });

  test('never differs for random calls and inputs', async () => {
    const path = fc.constantFrom('hello', 'echo', 'named', 'refuse', 'no.such', 'nested.deep', 'crash');
    // superjson's own writer refuses these names, so a client cannot send them; the bad-input table does.
    const json = fc
      .jsonValue()
      .filter((value) => !/"(?:__proto__|constructor|prototype)"/.test(JSON.stringify(value)));
    const given = fc.option(fc.oneof(json, fc.record({ name: fc.string({ unit: 'binary' }) })), {
      nil: undefined,
    });
    const calls = fc.array(fc.record({ path, input: given }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(calls, fc.boolean(), fc.boolean(), async (list, wantsBatch, isTransformed) => {
        const code = (value: unknown) => (isTransformed ? serialize(value) : value);
        const isBatch = wantsBatch || list.length > 1;
        const inputs = list.map(({ input }) => (input === undefined ? undefined : code(input)));
        const input = isBatch ? Object.fromEntries(inputs.entries()) : inputs[0];
        const query = [isBatch ? 'batch=1' : '', input === undefined ? '' : `input=${encoded(input)}`];
        const target = `${list.map((call) => call.path).join(',')}?${query.filter(Boolean).join('&')}`;
        const { lean, stock, tookLean } = await ask(isTransformed ? transformed : plain, { target });
        expect(essence(lean)).toEqual(essence(stock));
        expect(tookLean).toBe(true);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test('never differs for random bodies, JSON or not', async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.json().map((text) => text.slice(0, -1)),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), fc.boolean(), async (text, isBatch, isTransformed) => {
        const target = isBatch ? 'accept,add?batch=1' : 'accept';
        const call = { method: 'POST', target, headers: JSON_BODY, body: text };
        const { lean, stock } = await ask(isTransformed ? transformed : plain, call);
        expect(essence(lean)).toEqual(essence(stock));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test('lets a call finish whose client left, and goes on serving', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { hostname, port } = new URL(plain.lean);
    const call = request({ hostname, port, method: 'POST', path: `${PREFIX}slow`, headers: JSON_BODY });
    const gone = once(call, 'error');
    call.end();
    await until('the call runs', () => slow.started === 1);
    call.destroy(new Error('the client left'));
    await gone;
    slow.release();
    await until('the call is done', () => slow.finished === 1);
    const { lean } = await ask(plain, { target: 'hello' });
    process.off('unhandledRejection', note);
    expect(lean.status).toBe(200);
    expect(unhandled).toEqual([]);
  });
});
