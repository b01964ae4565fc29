import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { execIdOf } from './reports/executions';
import { startWorld, stock, TwsProgram } from './testing/tws-world';

const filled = z.object({
  type: z.literal('order_filled'),
  execution_id: z.string(),
  qty: z.string(),
  price: z.string(),
});

/** Numbers that a seed gives: below 1. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test.each([1, 2, 3])(
  'what a client is told adds up to what the journal says, whatever it did (seed %i)',
  async (seed) => {
    const world = await startWorld({ partialFillRate: 0.6, seed });
    const program = await TwsProgram.open(world.port);
    const draw = draws(seed);
    const placed = new Map<number, { symbol: string; side: OrderAction }>();
    for (let step = 0; step < 60; step += 1) {
      const ids = [...placed.keys()];
      const own = ids[Math.floor(draw() * ids.length)];
      const kind = draw();
      const terms = (side: OrderAction) => ({
        action: side,
        totalQuantity: 1 + Math.floor(draw() * 40),
        orderType: OrderType.LMT,
        // Around the market, now and then at it.
        lmtPrice: draw() < 0.5 ? 5 : side === OrderAction.BUY ? 900 : 10,
        tif: TimeInForce.GTC,
        orderRef: `step-${step}`,
      });
      if (own !== undefined && kind < 0.2) program.api.cancelOrder(own);
      else if (own !== undefined && kind < 0.5) {
        const { symbol, side } = placed.get(own) ?? { symbol: 'KO', side: OrderAction.BUY };
        program.place(terms(side), stock(symbol), own);
      } else {
        const symbol = ['KO', 'F', 'PFE'][Math.floor(draw() * 3)] ?? 'KO';
        placed.set(program.place(terms(OrderAction.BUY), stock(symbol)), { symbol, side: OrderAction.BUY });
      }
      // Some steps follow at once, others when something has come of them.
      for (let asks = Math.floor(draw() * 4); asks > 0; asks -= 1) await program.openOrders();
      if (draw() < 0.3) await program.heard(Math.max(...placed.keys()));
    }
    do program.api.reqGlobalCancel();
    while ((await program.allOpenOrders()).length > 0);
    const asked = (await program.allExecutions()).map(({ execution }) => execution);
    const pushed = () => program.executions.filter(({ reqId }) => reqId === -1);
    await program.until(() => pushed().length === asked.length, 'every execution');
    const live = pushed().map(({ execution }) => execution);
    const journal = String((await world.control('journal', undefined, 'GET')).body);
    const booked = journal.split('\n').flatMap((line) => {
      const parsed = line === '' ? null : filled.safeParse(JSON.parse(line));
      return parsed?.success === true ? [parsed.data] : [];
    });
    const written = booked.map(({ execution_id, qty, price }) => [
      execIdOf(execution_id),
      Number(qty),
      Number(price),
    ]);
    expect(written.length).toBeGreaterThan(5);
    expect(asked.map(({ execId, shares, price }) => [execId, shares, price])).toEqual(written);
    expect(live).toEqual(asked);
    // Every order that was taken in is completed, once, and traded no more than its quantity.
    const completed = (await program.completedOrders()).map(({ order }) => order);
    const permIds = completed.map(({ permId }) => permId);
    expect(new Set(permIds).size).toBe(permIds.length);
    expect(new Set(permIds)).toEqual(new Set(program.orders.map(({ order }) => order.permId)));
    for (const { permId, filledQuantity = 0, totalQuantity = 0 } of completed) {
      const own = asked.filter((one) => one.permId === permId);
      const sum = own.reduce((total, { shares = 0 }) => total + shares, 0);
      const last = program.statuses.findLast((status) => status.permId === permId);
      expect([filledQuantity, own.at(-1)?.cumQty ?? 0, last?.filled]).toEqual([sum, sum, sum]);
      expect(sum).toBeLessThanOrEqual(totalQuantity);
      expect((last?.filled ?? 0) + (last?.remaining ?? 0)).toBe(totalQuantity);
    }
    await program.close();
    await world.exchange.close();
  },
);
