import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { Order } from '@/domain/order/order';
import { anOrder } from '@/domain/order/testing/an-order';
import { followLists, hear } from './heard-orders';
import { withOrder } from './order-lists';

const LISTS = ['orders', 'list'];
const at = (second: number) => new Date(Date.UTC(2026, 10, 30, 15, 0, second)).toISOString();
const working = anOrder('1', { updatedAt: at(1) });
const filled = anOrder('1', { status: 'filled', filledQty: '1', updatedAt: at(2) });

/** A client with the list of working orders, whose answer comes when it is told to. */
function desk() {
  const client = new QueryClient();
  const queryKey = [...LISTS, 'open'];
  const put = (order: Order) => {
    if (!hear(client, order)) return;
    client.setQueryData<Order[]>(queryKey, (old) => old && withOrder(old, order, 'open'));
  };
  const ask = () => {
    let answer = (_list: Order[]): void => undefined;
    const queryFn = () =>
      new Promise<Order[]>((resolve) => {
        answer = resolve;
      });
    const done = client.fetchQuery({ queryKey, queryFn });
    return (list: Order[]) => {
      answer(list);
      return done;
    };
  };
  const shown = () => client.getQueryData<Order[]>(queryKey)?.map(({ id }) => id);
  return { client, put, ask, shown };
}

it('a list that was asked for before an order filled and comes after does not bring it back', async () => {
  const { client, put, ask, shown } = desk();
  await ask()([working]);
  const stop = followLists(client, LISTS, put);
  const answer = ask();
  put(filled);
  expect(shown()).toEqual([]);
  await answer([working]);
  expect(shown()).toEqual([]);
  stop();
});

it('without that it does', async () => {
  const { put, ask, shown } = desk();
  await ask()([working]);
  const answer = ask();
  put(filled);
  await answer([working]);
  expect(shown()).toEqual(['1']);
});

it('nor lose one that was sent meanwhile, and what was heard before it was asked for is the list’s to say', async () => {
  const { client, put, ask, shown } = desk();
  const stop = followLists(client, LISTS, put);
  await ask()([]);
  put(anOrder('2', { updatedAt: at(1) }));
  const answer = ask();
  put(anOrder('3', { updatedAt: at(3) }));
  await answer([]);
  expect(shown()).toEqual(['3']);
  stop();
});

it('an older state than the one heard is none to put', () => {
  const client = new QueryClient();
  expect(hear(client, filled)).toBe(true);
  expect(hear(client, working)).toBe(false);
});
