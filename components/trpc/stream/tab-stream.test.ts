import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anOrder } from '@/domain/order/testing/an-order';
import type { StreamMessage } from '@/domain/stream';
import { retryDelay, SILENCE_MS } from './connection';
import { type Open, TabStream } from './tab-stream';

const at = '2026-11-20T15:00:00.000Z';
const orderMessage: StreamMessage = {
  type: 'order',
  at,
  order: anOrder('o1'),
  event: { seq: 7, orderId: 'o1', type: 'acknowledged', status: 'new', fill: null, message: null, at },
};

function setUp() {
  const opened: { symbols: string[]; lastEventId: string | null; handlers: Parameters<Open>[2] }[] = [];
  const closed = vi.fn();
  const stream = new TabStream((symbols, lastEventId, handlers) => {
    opened.push({ symbols, lastEventId, handlers });
    return closed;
  });
  const stop = stream.start();
  const say = (id: string, message: StreamMessage) => opened.at(-1)?.handlers.onMessage(id, message);
  return { stream, opened, closed, stop, say };
}

describe('TabStream', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is live after hello and lost within three seconds of silence', () => {
    const { stream, say } = setUp();
    say('1', { type: 'hello', at });
    expect(stream.getConnection()).toEqual({ phase: 'live', feedUp: true });
    vi.advanceTimersByTime(SILENCE_MS - 500);
    expect(stream.getConnection().phase).toBe('live');
    vi.advanceTimersByTime(3000 - (SILENCE_MS - 500));
    expect(stream.getConnection().phase).toBe('lost');
  });

  it('stays live while the server pings', () => {
    const { stream, say } = setUp();
    say('1', { type: 'hello', at });
    for (let second = 0; second < 10; second += 1) {
      vi.advanceTimersByTime(2000);
      stream.alive();
    }
    expect(stream.getConnection().phase).toBe('live');
  });

  it('comes back from the last event id and hands an order event on once', () => {
    const { stream, opened, say } = setUp();
    const heard = vi.fn();
    stream.onOrder(heard);
    say('1', { type: 'hello', at });
    say('7', orderMessage);
    opened.at(-1)?.handlers.onBroken();
    vi.advanceTimersByTime(retryDelay(0) + 250);
    expect(opened).toHaveLength(2);
    expect(opened.at(-1)?.lastEventId).toBe('7');
    say('7', { type: 'hello', at });
    say('7', orderMessage);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(stream.getConnection().phase).toBe('live');
  });

  it('waits longer after each failed attempt', () => {
    const { stream, opened } = setUp();
    for (const expected of [0, 1, 2]) {
      opened.at(-1)?.handlers.onBroken();
      const connection = stream.getConnection();
      expect(connection).toMatchObject({ phase: 'lost', attempt: expected });
      vi.advanceTimersByTime(retryDelay(expected) + 250);
      expect(opened).toHaveLength(expected + 2);
    }
  });

  it('gathers the wishes of many panels into one new subscription', () => {
    const { stream, opened, say } = setUp();
    say('1', { type: 'hello', at });
    stream.want(['AAPL', 'TSLA']);
    const release = stream.want(['AAPL', 'MSFT']);
    vi.advanceTimersByTime(60);
    expect(opened).toHaveLength(2);
    expect(opened.at(-1)?.symbols).toEqual(['AAPL', 'MSFT', 'TSLA']);
    release();
    vi.advanceTimersByTime(60);
    expect(opened.at(-1)?.symbols).toEqual(['AAPL', 'TSLA']);
  });

  it('distrusts prices when the desk lost its own feed, and trusts them again', () => {
    const { stream, say } = setUp();
    say('1', { type: 'hello', at });
    say('2', { type: 'link', at, up: false });
    expect(stream.getConnection()).toEqual({ phase: 'live', feedUp: false });
    say('3', { type: 'link', at, up: true });
    expect(stream.getConnection()).toEqual({ phase: 'live', feedUp: true });
  });

  it('closes its subscription when it stops', () => {
    const { stop, closed } = setUp();
    stop();
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
