import { describe, expect, test } from 'vitest';
import { orderBookAt } from '../crypto/order-book';
import type { Order } from '../orders/order';
import { CryptoFeed } from '../stream/feeds/crypto-feed';
import { makeWorld, near, place, type World } from '../testing/world';
import { cancelOrder } from '../venue/change-order';

const makeHonest = (depth = 1, latencyMs = 0): World =>
  makeWorld({ honest: { depth, latencyMs, feePerShare: 0n } });
const ether = { symbol: 'ETH/USD', time_in_force: 'gtc' };
const paid = (order: Order): number => Number(order.filledProduct) / Number(order.filledQty) / 1e6;
const shown = (world: World) => world.venue.orderBook('ETH/USD');

describe('the book of a pair', () => {
  test('is walked by a large order, which pays more than a small one and moves the price', () => {
    const [world, reference] = [makeHonest(0.01), makeHonest(0.01)];
    const large = place(world, { ...ether, qty: '12.5' });
    const small = place(reference, { ...ether, qty: '0.004' });
    world.settle(60);
    reference.settle(60);
    expect([large.status, small.status]).toEqual(['filled', 'filled']);
    expect(new Set(world.account.fills.map(({ price }) => price)).size).toBeGreaterThan(3);
    expect(paid(large)).toBeGreaterThan(paid(small));
    expect(world.venue.touch('ETH/USD').bid).toBeGreaterThan(reference.venue.touch('ETH/USD').bid);
    const now = world.venue.clock.now();
    const feed = new CryptoFeed(world.venue.market);
    const prints = [...feed.messages('trades', 'ETH/USD', { from: now - 70_000, to: now })].filter(
      (message) => Number(message['i']) > 1e12,
    );
    expect(prints.reduce((sum, message) => sum + Number(message['s']), 0)).toBeCloseTo(12.5, 6);
  });

  test('begins as the makers show it, and shows what a client rests in it until it is canceled', () => {
    const world = makeHonest();
    const limit = near(world, -40, 'ETH/USD');
    const order = place(world, { ...ether, type: 'limit', limit_price: limit, qty: '1.25' });
    expect(shown(world)).toBeUndefined();
    world.settle(2);
    expect(order.status).toBe('new');
    const own = shown(world)?.bids.find(({ p }) => p === Number(limit));
    expect(own?.s).toBeGreaterThanOrEqual(1.25);
    const makers = orderBookAt(world.venue.market, 'ETH/USD', world.venue.clock.now());
    expect(
      shown(world)
        ?.asks.map(({ p }) => p)
        .slice(0, 3),
    ).toEqual(makers?.asks.map(({ p }) => p).slice(0, 3));
    const told = [
      ...new CryptoFeed(world.venue.market, (symbol) => world.venue.orderBook(symbol)).messages(
        'orderbooks',
        'ETH/USD',
        {
          from: world.venue.clock.now() - 1_000,
          to: world.venue.clock.now(),
        },
      ),
    ];
    expect(told).toMatchObject([{ T: 'o', b: shown(world)?.bids, a: shown(world)?.asks }]);
    cancelOrder(world.venue, order);
    world.settle(2);
    expect([order.status, shown(world)]).toEqual(['canceled', undefined]);
  });

  test('fills an ioc in part, keeps an order back for the latency, and gives the same fills again', () => {
    const run = (): [World, Order, Order] => {
      const world = makeHonest(0.001, 3_000);
      const limit = near(world, 1, 'ETH/USD');
      const ioc = place(world, {
        ...ether,
        type: 'limit',
        limit_price: limit,
        qty: '9',
        time_in_force: 'ioc',
      });
      world.settle(2);
      expect([ioc.status, ioc.filledQty]).toEqual(['new', 0n]);
      world.settle(4);
      const more = place(world, { ...ether, qty: '2' });
      world.settle(30);
      return [world, ioc, more];
    };
    const [[world, ioc, more], [again]] = [run(), run()];
    expect(ioc.status).toBe('canceled');
    expect(ioc.filledQty).toBeGreaterThan(0n);
    expect(ioc.filledQty).toBeLessThan(9_000_000_000n);
    expect(more.status).toBe('filled');
    const fills = (of: World): unknown[] => of.account.fills.map(({ qty, price, at }) => [qty, price, at]);
    expect(fills(again)).toEqual(fills(world));
    for (const sum of world.venue.books.ledger.trialBalance().values()) expect(sum).toBe(0n);
  });
});
