import { createHash } from 'node:crypto';
import { Refusal } from '../orders/refusals';
import { makeWorld, near, place } from './world';

/** Trades by a fixed script in one of the fill models; answers the SHA-256 over all fills. */
export function fillsDigest(
  seed: number,
  fills: 'alpaca-paper' | 'honest',
): { digest: string; fills: number } {
  const honest = { depth: 0.2, latencyMs: 50, feePerShare: 3_000n };
  const world = makeWorld({ seed, partialFillRate: 0.4, ...(fills === 'honest' ? { honest } : {}) });
  for (let i = 0; i < 60; i += 1) {
    const symbol = ['AAPL', 'SPY', 'F'][i % 3] ?? 'SPY';
    const side = i % 4 === 3 ? 'sell' : 'buy';
    const price = near(world, side === 'buy' ? 0.01 : -0.01, symbol);
    const terms = i % 2 === 0 ? { type: 'limit', limit_price: price, time_in_force: 'gtc' } : {};
    try {
      place(world, { symbol, side, qty: String(20 + i * 7), client_order_id: `s-${i}`, ...terms });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    for (let beat = 0; beat < 4; beat += 1) world.wait(400);
  }
  const lines = world.account.fills.map(
    ({ executionId, at, order, qty, price, cumQty }) =>
      `${executionId} ${at} ${order.id} ${order.symbol} ${order.side} ${qty} ${price} ${cumQty}`,
  );
  return { digest: createHash('sha256').update(lines.join('\n')).digest('hex'), fills: lines.length };
}
