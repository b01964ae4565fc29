import { isDeepStrictEqual } from 'node:util';
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { Agent, EventSource } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { orderEvents } from '@/db/schema';
import { type StreamMessage, streamMessage } from '@/domain/stream';
import type { AppRouter } from '@/server/routers/root';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { type EventStream, openEventStream } from '@/server/testing/event-stream';
import { signIn, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const open: EventStream[] = [];
const subscriptions: { unsubscribe(): void }[] = [];
afterEach(() => {
  for (const subscription of subscriptions.splice(0)) subscription.unsubscribe();
  for (const stream of open.splice(0)) stream.close();
});

async function raw(trader: Trader, input: object, more: Record<string, string> = {}): Promise<EventStream> {
  const query = new URLSearchParams({ input: JSON.stringify(input) }).toString();
  const stream = await openEventStream(`${desk.url}/api/trpc/stream.watch?${query}`, {
    ...trader.bearer,
    ...more,
  });
  open.push(stream);
  return stream;
}

const messagesOf = (stream: EventStream): StreamMessage[] =>
  stream.events
    .filter(({ event }) => event === 'message')
    .map(({ data }) => streamMessage.parse(JSON.parse(data)));

const isHello = (message: StreamMessage) => message.type === 'hello';

/** Subscribes with the library's own link and a standard EventSource, as the dashboard does. */
function subscribe(trader: Trader, symbols: string[]) {
  const signedIn = new Agent().compose((dispatch) => (options, handler) => {
    const headers = { ...Object.fromEntries(Object.entries(options.headers ?? {})), ...trader.bearer };
    return dispatch({ ...options, headers }, handler);
  });
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${desk.url}/api/trpc`,
        EventSource,
        eventSourceOptions: { node: { dispatcher: signedIn, reconnectionTime: 100 } },
      }),
    ],
  });
  const seen: { id: string; message: StreamMessage }[] = [];
  const errors: unknown[] = [];
  const subscription = client.stream.watch.subscribe(
    { symbols },
    {
      onData: ({ id, data }) => seen.push({ id, message: data }),
      onError: (error) => errors.push(error),
    },
  );
  subscriptions.push(subscription);
  const orderEvents = () => seen.flatMap(({ message }) => (message.type === 'order' ? [message.event] : []));
  return { seen, errors, orderEvents };
}

const market = (symbol: string) => ({ symbol, side: 'buy', type: 'market', qty: '1' }) as const;

const seqsOf = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq);

/** All events of a user's orders once the last fill of the last order is in the books; none before. */
async function settledEvents(trader: Trader) {
  const { orders } = await trader.trpc.orders.list.query({ status: 'all' });
  const events = (await desk.parts.orderStream.since(trader.user.id, '0')).map(({ event }) => event);
  const filled = events.reduce((sum, { fill }) => sum + Number(fill?.qty ?? 0), 0);
  const wanted = orders.reduce((sum, { qty }) => sum + Number(qty), 0);
  return filled === wanted && orders.every(({ status }) => status === 'filled') ? events : [];
}

test('a stream that names somebody else’s account ends without a message', async () => {
  const [owner, other] = [await desk.signUp(), await desk.signUp()];
  const [account] = (await owner.trpc.account.list.query()).accounts;
  const theirs = await raw(other, { symbols: ['AAPL'], accountId: account?.id });
  const mine = await raw(owner, { symbols: ['AAPL'], accountId: account?.id });
  await until('a quote came', () => messagesOf(mine).some(({ type }) => type === 'quote'));
  expect(messagesOf(theirs)).toEqual([]);
  await until('it ended', () => !theirs.isOpen());
});

describe('the stream over the library’s own client', () => {
  test('opens with hello, then carries quotes of the symbols asked for and no others', async () => {
    const trader = await desk.signUp();
    const { seen, errors } = subscribe(trader, ['AAPL', 'MSFT']);
    const quoted = () =>
      new Set(seen.flatMap(({ message }) => (message.type === 'quote' ? [message.quote.symbol] : [])));
    await until('quotes of both came', () => quoted().size === 2);
    expect([...quoted()].sort()).toEqual(['AAPL', 'MSFT']);
    for (const { message } of seen) expect(streamMessage.parse(message)).toEqual(message);
    expect(seen[0]?.message.type).toBe('hello');
    expect(errors).toEqual([]);
  });

  test('quotes what is listed although an unlisted symbol was asked for too', async () => {
    const trader = await desk.signUp();
    const { seen } = subscribe(trader, ['ZZZZZZ', 'NVDA']);
    await until('a quote came', () =>
      seen.some(({ message }) => message.type === 'quote' && message.quote.symbol === 'NVDA'),
    );
  });

  test('carries the life of an order to its owner and to nobody else', async () => {
    const [owner, other] = [await desk.signUp(), await desk.signUp()];
    const mine = subscribe(owner, []);
    const theirs = subscribe(other, ['AAPL']);
    await until('both streams are open', () => mine.seen.length > 0 && theirs.seen.length > 0);
    const order = await owner.trpc.orders.submit.mutate(market('AAPL'));
    await until('it is filled', () =>
      mine.seen.some(({ message }) => message.type === 'order' && message.order.status === 'filled'),
    );
    const types = mine.orderEvents().map(({ type }) => type);
    expect(types[0]).toBe('received');
    expect(types).toContain('filled');
    expect(new Set(mine.orderEvents().map(({ orderId }) => orderId))).toEqual(new Set([order.id]));
    expect(theirs.orderEvents()).toEqual([]);
  });

  test('resumes after a cut with no order event missing and none twice', async () => {
    const trader = await desk.signUp();
    const { seen, orderEvents } = subscribe(trader, ['AAPL']);
    await until('the stream is open', () => seen.length > 0);
    for (let round = 0; round < 3; round += 1) {
      const qty = String(round + 1);
      await trader.rest('POST', '/api/v1/orders', { ...market('AAPL'), qty });
      desk.cutConnections();
      await trader.rest('POST', '/api/v1/orders', { ...market('MSFT'), qty });
    }
    await until('every event came once and in order', async () => {
      const all = await settledEvents(trader);
      return all.length > 0 && isDeepStrictEqual(seqsOf(orderEvents()), seqsOf(all));
    });
    expect(seen.filter(({ message }) => message.type === 'hello').length).toBeGreaterThan(1);
  });
});

describe('the stream mount', () => {
  test('sends again everything since the last event id, however much it was', async () => {
    const trader = await desk.signUp();
    const order = await trader.trpc.orders.submit.mutate(market('AAPL'));
    await desk.parts.database.write(async (db) => {
      const at = desk.parts.clock.iso();
      const event = {
        orderId: order.id,
        userId: trader.user.id,
        type: 'status_changed',
        status: 'new',
        at,
      } as const;
      for (let page = 0; page < 12; page += 1)
        await db.insert(orderEvents).values(Array.from({ length: 100 }, () => event));
    });
    const newest = await desk.parts.orderStream.cursor(trader.user.id);
    const stream = await raw(trader, {}, { 'last-event-id': '0' });
    await until('the newest came', () => stream.events.some(({ id }) => id === newest));
    const seqs = messagesOf(stream).flatMap((message) =>
      message.type === 'order' ? [message.event.seq] : [],
    );
    expect(seqs.length).toBeGreaterThan(1200);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  });

  test.each(['nonsense', '-1', '1.5', '99999999', '1e1', ' '])(
    'opens with hello and the newest cursor for the senseless last event id "%s"',
    async (lastEventId) => {
      const trader = await desk.signUp();
      await trader.trpc.orders.submit.mutate(market('AAPL'));
      await until('it is filled', async () => (await settledEvents(trader)).length > 0);
      const newest = await desk.parts.orderStream.cursor(trader.user.id);
      const stream = await raw(trader, {}, { 'last-event-id': lastEventId });
      await until('hello came', () => messagesOf(stream).some(isHello));
      expect(stream.events.find(({ event }) => event === 'message')?.id).toBe(newest);
    },
  );

  test('ends within 5 s when its session is signed out, and leaves the other session alone', async () => {
    const trader = await desk.signUp();
    const second = await signIn(desk.url, trader.user.username, trader.password);
    const [ending, staying] = [await raw(trader, {}), await raw(second, {})];
    const before = performance.now();
    await trader.trpc.auth.logout.mutate();
    await ending.ended;
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(staying.isOpen()).toBe(true);
  });

  test('closes the oldest of six streams of one user', async () => {
    const trader = await desk.signUp();
    const streams: EventStream[] = [];
    for (let count = 0; count < 6; count += 1) streams.push(await raw(trader, {}));
    await streams[0]?.ended;
    expect(streams.map((stream) => stream.isOpen())).toEqual([false, true, true, true, true, true]);
  });

  test('keeps no more than five of twenty streams that open at once', async () => {
    const trader = await desk.signUp();
    const streams = await Promise.all(Array.from({ length: 20 }, () => raw(trader, {})));
    await until('15 are closed', () => streams.filter((stream) => stream.isOpen()).length === 5);
  });

  test('answers an unsigned listener in the way its client understands', async () => {
    const stream = await openEventStream(`${desk.url}/api/trpc/stream.watch?input=%7B%7D`, {});
    open.push(stream);
    await until('the refusal came', () => stream.events.some(({ event }) => event === 'serialized-error'));
    expect(stream.events.map(({ data }) => data).join('')).toContain('unauthenticated');
  });
});
