import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../clock/new-york';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import { makeWorld, place, type World } from '../testing/world';

const makeHonest = (): World => makeWorld({ honest: { depth: 1, latencyMs: 0, feePerShare: 0n } });

/** A call far out of the money and cheap, so that many can be bought. */
function cheapCall({ venue }: World): OptionContract {
  const now = venue.clock.now();
  const options = optionMarketOf(venue.market);
  const today = newYorkDay(now);
  const spot = Number(venue.touch('AAPL').last) / 1e6;
  const found = [...options.contracts.list('AAPL', today, { from: today + 10, to: today + 60 })].find(
    ({ type, strike }) => type === 'call' && strike > spot * 1.15,
  );
  if (found === undefined) throw new Error('no contract');
  return found;
}

describe('an option with honest fills', () => {
  test('trades no more than its quote shows; the rest waits for the next quote', () => {
    const world = makeHonest();
    const contract = cheapCall(world);
    const options = optionMarketOf(world.venue.market);
    const quote = () => options.quoteAt(contract, world.venue.clock.now());
    const wanted = 5 * (quote()?.askSize ?? 0) + 400;
    const order = place(world, { symbol: contract.symbol, qty: String(wanted) });
    const left = new Map<number, number>();
    for (let beat = 0; beat < 400 && order.status !== 'filled'; beat += 1) {
      world.wait(250);
      const { at, ask, askSize } = quote() ?? { at: 0, ask: 0, askSize: 0 };
      const fill = world.account.fills.at(-1);
      if (fill === undefined || fill.at !== world.venue.clock.now()) continue;
      expect(fill.price).toBe(BigInt(ask));
      left.set(at, (left.get(at) ?? askSize) - Number(fill.qty / 1_000_000_000n));
      expect(left.get(at)).toBeGreaterThanOrEqual(0);
    }
    expect(order.status).toBe('filled');
    expect(left.size).toBeGreaterThan(2);
    expect([...left.values()].slice(0, -1)).toEqual([...left.values()].slice(0, -1).map(() => 0));
  });

  test('is shared by two orders: the second has what the first left', () => {
    const world = makeHonest();
    const { symbol } = cheapCall(world);
    const contract = cheapCall(world);
    world.wait(2_000 - (world.venue.clock.now() % 2_000));
    const shown = optionMarketOf(world.venue.market).quoteAt(contract, world.venue.clock.now())?.askSize ?? 0;
    expect(shown).toBeGreaterThan(1);
    const [first, second] = [
      place(world, { symbol, qty: String(shown - 1) }),
      place(world, { symbol, qty: '9' }),
    ];
    world.wait(100);
    world.wait(100);
    expect([first.status, second.status, second.filledQty]).toEqual([
      'filled',
      'partially_filled',
      1_000_000_000n,
    ]);
    world.settle(6);
    expect(second.status).toBe('filled');
  });
});
