import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact, plain } from '../money';
import { type Execution, type Holding, noHolding, postFill, tradeMicros } from './post-fill';
import { balanceOf, toDollars, toMicros, type Transfer } from './transfer';

const buy = (qty: string, price: string): Execution => ({
  side: 'buy',
  qty,
  micros: tradeMicros(qty, price, 1),
});
const sell = (qty: string, price: string): Execution => ({ ...buy(qty, price), side: 'sell' });

function book(executions: readonly Execution[]): { holding: Holding; transfers: Transfer[] } {
  const transfers: Transfer[] = [];
  let holding = noHolding('AAPL');
  for (const execution of executions) {
    const posting = postFill(holding, execution);
    holding = posting.holding;
    transfers.push(...posting.transfers);
  }
  return { holding, transfers };
}

const realized = (transfers: Transfer[]): string => toDollars(-balanceOf(transfers, 'realized'));

describe('booking executions at average cost', () => {
  test('a buy moves its price from cash into the holding', () => {
    const { holding, transfers } = book([buy('10', '231.2')]);
    expect(holding).toEqual({ symbol: 'AAPL', qty: '10', costMicros: toMicros('2312') });
    expect(toDollars(balanceOf(transfers, 'cash'))).toBe('-2312');
  });

  test('a sale realises what it brings above its part of the average cost', () => {
    const { holding, transfers } = book([buy('10', '100'), buy('10', '110'), sell('5', '120')]);
    expect(holding).toEqual({ symbol: 'AAPL', qty: '15', costMicros: toMicros('1575') });
    expect(realized(transfers)).toBe('75');
  });

  test('a loss is realised as a loss', () => {
    expect(realized(book([buy('10', '100'), sell('10', '90')]).transfers)).toBe('-100');
  });

  test('a short gains when it is bought back lower, and loses when higher', () => {
    expect(realized(book([sell('10', '100'), buy('10', '90')]).transfers)).toBe('100');
    expect(realized(book([sell('10', '100'), buy('10', '130')]).transfers)).toBe('-300');
  });

  test('an execution that crosses zero closes first and opens with the rest', () => {
    const { holding, transfers } = book([buy('10', '100'), sell('15', '110')]);
    expect(holding).toEqual({ symbol: 'AAPL', qty: '-5', costMicros: toMicros('-550') });
    expect(realized(transfers)).toBe('100');
  });

  test('an option contract moves a hundred times its price', () => {
    const { transfers } = postFill(noHolding('AAPL261218C00250000'), {
      side: 'buy',
      qty: '2',
      micros: tradeMicros('2', '3.5', 100),
    });
    expect(toDollars(balanceOf(transfers, 'cash'))).toBe('-700');
  });

  test('thirds of a cent leave nothing behind when the position is closed', () => {
    const thirds = [buy('3', '0.33333'), sell('1', '0.5'), sell('1', '0.5'), sell('1', '0.5')];
    expect(book(thirds).holding).toEqual({ symbol: 'AAPL', qty: '0', costMicros: 0n });
  });
});

const millionths = fc.integer({ min: 1, max: 5_000_000 });
const execution: fc.Arbitrary<Execution> = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  qty: millionths.map((count) => plain(exact(count).div(1_000_000))),
  micros: fc.bigInt({ min: 0n, max: 10n ** 12n }),
});

describe('whatever is executed', () => {
  const CASES = { numRuns: 10_000 };

  test('cash, cost and gain add up to nothing, and cash is what the executions moved', () => {
    fc.assert(
      fc.property(fc.array(execution, { maxLength: 12 }), (executions) => {
        const { holding, transfers } = book(executions);
        const sums = ['cash', 'holdings', 'realized'] as const;
        expect(sums.reduce((sum, name) => sum + balanceOf(transfers, name), 0n)).toBe(0n);
        expect(balanceOf(transfers, 'holdings')).toBe(holding.costMicros);
        const paid = executions.map(({ side, micros }) => (side === 'buy' ? -micros : micros));
        const total = paid.reduce((sum, micros) => sum + micros, 0n);
        expect(balanceOf(transfers, 'cash')).toBe(total);
      }),
      CASES,
    );
  });

  test('the holding is the sum of the quantities, and costs nothing when it is none', () => {
    fc.assert(
      fc.property(fc.array(execution, { maxLength: 12 }), (executions) => {
        const { holding } = book(executions);
        const sum = executions.reduce(
          (total, { side, qty }) => (side === 'buy' ? total.plus(qty) : total.minus(qty)),
          exact(0),
        );
        expect(holding.qty).toBe(plain(sum));
        expect(sum.isZero() ? holding.costMicros : 0n).toBe(0n);
      }),
      CASES,
    );
  });
});
