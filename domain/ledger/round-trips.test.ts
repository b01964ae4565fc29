import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact, plain } from '../money';
import { noHolding, postFill, tradeMicros } from './post-fill';
import { type PositionEvent, roundTrips } from './round-trips';
import { balanceOf, toDollars, type Transfer } from './transfer';

let made = 0;

function event(side: 'buy' | 'sell', qty: string, price: string, symbol = 'AAPL'): PositionEvent {
  made += 1;
  const at = new Date(Date.UTC(2026, 10, 20) + made * 1000).toISOString();
  const execution = { side, qty, micros: tradeMicros(qty, price, 1) };
  return { id: `e${made}`, symbol, at, kind: 'execution', execution };
}

const told = (events: PositionEvent[], method: 'fifo' | 'average') =>
  roundTrips(events, method).map(({ side, qty, entryPrice, exitPrice, realizedPl }) => [
    side,
    qty,
    entryPrice,
    exitPrice,
    realizedPl,
  ]);

describe('round trips', () => {
  test('first in, first out closes the oldest shares first, lot by lot', () => {
    const events = [event('buy', '10', '100'), event('buy', '10', '110'), event('sell', '15', '120')];
    expect(told(events, 'fifo')).toEqual([
      ['long', '10', '100', '120', '200'],
      ['long', '5', '110', '120', '50'],
    ]);
  });

  test('average cost closes at the mean of what was paid', () => {
    const events = [event('buy', '10', '100'), event('buy', '10', '110'), event('sell', '15', '120')];
    expect(told(events, 'average')).toEqual([['long', '15', '105', '120', '225']]);
  });

  test('a short that is covered is a trade of a short', () => {
    const events = [event('sell', '10', '100'), event('buy', '4', '90')];
    expect(told(events, 'fifo')).toEqual([['short', '4', '100', '90', '40']]);
  });

  test('an execution that crosses zero closes, and opens the other side', () => {
    const events = [event('buy', '5', '10'), event('sell', '8', '12'), event('buy', '3', '11')];
    expect(told(events, 'fifo')).toEqual([
      ['long', '5', '10', '12', '10'],
      ['short', '3', '12', '11', '3'],
    ]);
  });

  test('symbols do not mix', () => {
    expect(told([event('buy', '5', '10'), event('sell', '5', '12', 'MSFT')], 'fifo')).toEqual([]);
  });

  test('a split keeps the cost over more shares', () => {
    const split: PositionEvent = {
      id: 's',
      symbol: 'AAPL',
      at: '2026-11-20T00:00:05.000Z',
      kind: 'scale',
      qty: '30',
      costMicros: 0n,
    };
    const events = [event('buy', '10', '100'), split, event('sell', '40', '30')];
    expect(told(events, 'fifo')).toEqual([['long', '40', '25', '30', '200']]);
  });

  test('a contract that goes for another keeps its cost and its day', () => {
    const [old, fresh] = ['AAPL261218C00250000', 'AAPL261218C00062500'];
    const bought = event('buy', '2', '700', old);
    const swap = (symbol: string, qty: string): PositionEvent => ({
      id: symbol,
      symbol,
      at: '2026-11-21T00:00:00.000Z',
      kind: 'exchange',
      qty,
      groupId: 'g1',
    });
    const events = [bought, swap(old, '-2'), swap(fresh, '8'), event('sell', '8', '200', fresh)];
    expect(roundTrips(events, 'fifo')).toMatchObject([
      { symbol: fresh, qty: '8', entryPrice: '175', realizedPl: '200', openedAt: bought.at },
    ]);
  });

  const some = fc.array(
    fc.tuple(
      fc.constantFrom('buy' as const, 'sell' as const),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 99_999 }),
    ),
    { maxLength: 12 },
  );

  test('at average cost the trades add up to the gain in the ledger, to the last micro-dollar', () => {
    fc.assert(
      fc.property(some, (executions) => {
        const events = executions.map(([side, qty, cents]) =>
          event(side, String(qty), plain(exact(cents).div(100))),
        );
        const transfers: Transfer[] = [];
        let holding = noHolding('AAPL');
        for (const one of events) {
          if (one.kind !== 'execution') continue;
          const posting = postFill(holding, one.execution);
          holding = posting.holding;
          transfers.push(...posting.transfers);
        }
        const sum = roundTrips(events, 'average').reduce(
          (total, { realizedPl }) => total.plus(realizedPl),
          exact(0),
        );
        expect(plain(sum)).toBe(toDollars(-balanceOf(transfers, 'realized')));
      }),
      { numRuns: 10_000 },
    );
  });

  test('both methods gain the same once everything is closed', () => {
    fc.assert(
      fc.property(some, (executions) => {
        const events = executions.map(([side, qty, cents]) =>
          event(side, String(qty), plain(exact(cents).div(100))),
        );
        const open = executions.reduce((sum, [side, qty]) => sum + (side === 'buy' ? qty : -qty), 0);
        if (open !== 0) events.push(event(open > 0 ? 'sell' : 'buy', String(Math.abs(open)), '77.7'));
        const gain = (method: 'fifo' | 'average') =>
          plain(roundTrips(events, method).reduce((sum, { realizedPl }) => sum.plus(realizedPl), exact(0)));
        expect(gain('fifo')).toBe(gain('average'));
      }),
      { numRuns: 2_000 },
    );
  });
});
