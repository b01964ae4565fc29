import { OrderAction, OrderStatus, OrderType, SecType } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import type { IbExecution } from '../wire/parse-execution';
import { type IbOrder, parseOrder } from '../wire/parse-order';
import { createOrderBook, type OrderNews } from './order-book';

const contract = { symbol: 'AAPL', secType: SecType.STK, currency: 'USD' };

function order(more: object = {}, status = OrderStatus.Submitted): IbOrder {
  const wire = {
    orderId: 5,
    clientId: 7,
    permId: 77,
    account: 'DU1',
    orderRef: 'ord_1',
    action: OrderAction.BUY,
    orderType: OrderType.LMT,
    totalQuantity: 10,
    lmtPrice: 100,
    ...more,
  };
  const parsed = parseOrder(contract, wire, { status });
  if (parsed === null) throw new Error('not an order');
  return parsed;
}

const execution = (id: string, qty: string, price = '100', correction = '01'): IbExecution => ({
  id,
  execId: `${id}.${correction}`,
  account: 'DU1',
  permId: 77,
  ref: 'ord_1',
  symbol: 'AAPL',
  side: 'buy',
  qty,
  price,
  at: '2026-01-10T14:30:00.000Z',
});

function open() {
  const told: OrderNews[] = [];
  const conflicts: [IbExecution, IbExecution][] = [];
  const book = createOrderBook(
    (news) => told.push(news),
    (first, other) => conflicts.push([first, other]),
  );
  const venue = () => book.venueOrder(book.byPermId(77) ?? order());
  return { book, told, conflicts, venue };
}

const status = (word: string, filledQty: string | null = null) => ({
  permId: 77,
  orderId: 5,
  clientId: 7,
  status: word,
  filledQty,
  averagePrice: null,
});

describe('what an order is', () => {
  it('is the same whichever of its messages came first, twice or not at all', () => {
    const words = [
      (book: ReturnType<typeof open>['book']) => book.takeStatus(status('Filled', '10')),
      (book: ReturnType<typeof open>['book']) => book.takeExecution(execution('a', '4', '99')),
      (book: ReturnType<typeof open>['book']) => book.takeExecution(execution('b', '6', '101')),
      (book: ReturnType<typeof open>['book']) => book.takeOrder(order()),
    ];
    for (const sequence of [words, words.toReversed(), [...words, ...words], words.slice(1)]) {
      const { book, venue } = open();
      book.takeOrder(order());
      for (const say of sequence) say(book);
      expect(venue()).toMatchObject({ status: 'filled', filledQty: '10', filledAvgPrice: '100.2' });
    }
  });

  it('is filled by its executions alone, when IB never said so', () => {
    const { book, venue } = open();
    book.takeOrder(order());
    book.takeExecution(execution('a', '4'));
    expect(venue().status).toBe('partially_filled');
    book.takeExecution(execution('b', '6'));
    expect(venue().status).toBe('filled');
  });

  it('keeps what was filled when an older word comes late', () => {
    const { book, venue } = open();
    book.takeOrder(order());
    book.takeStatus(status('Submitted', '6'));
    book.takeStatus(status('Submitted', '2'));
    book.takeOrder(order());
    expect(venue()).toMatchObject({ filledQty: '6', status: 'partially_filled' });
  });

  it('is rejected when IB refused it, and held when it is merely inactive', () => {
    const { book, venue } = open();
    book.takeOrder(order({}, OrderStatus.Inactive));
    expect(venue().status).toBe('held');
    book.takeRefusal(5, 7);
    expect(venue().status).toBe('rejected');
  });
});

describe('executions', () => {
  it('count once, and a correction of one is told to a person and changes nothing', () => {
    const { book, told, conflicts, venue } = open();
    book.takeOrder(order());
    book.takeExecution(execution('a', '4', '100'));
    book.takeExecution(execution('a', '4', '100'));
    book.takeExecution(execution('a', '4', '98', '02'));
    expect(told.filter((news) => news.execution !== null)).toHaveLength(1);
    expect(venue()).toMatchObject({ filledQty: '4', filledAvgPrice: '100' });
    expect(conflicts).toHaveLength(1);
  });

  it('wait for their order to be known, and count then', () => {
    const { book, told, venue } = open();
    book.takeExecution(execution('a', '4'));
    expect(told).toHaveLength(0);
    book.takeOrder(order());
    expect(venue().filledQty).toBe('4');
  });

  it('have a commission that counts once', () => {
    const { book } = open();
    book.takeExecution(execution('a', '4'));
    for (let times = 0; times < 2; times += 1)
      book.takeCommission({ id: 'a', execId: 'a.01', amount: '1.25' });
    expect(book.commissions('DU1')).toEqual([{ id: 'a', amount: '1.25', at: '2026-01-10T14:30:00.000Z' }]);
    expect(book.commissions('DU2')).toEqual([]);
  });
});
