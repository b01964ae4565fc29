import type { Operation } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { describe, expect, it } from 'vitest';
import { accountLink, withAccount } from './account-link';

/** What the link hands on for a call. */
async function handedOn(accountId: string | null, path: string, input: unknown): Promise<unknown> {
  const op: Operation = { id: 1, type: 'query', path, input, context: {}, signal: null };
  return new Promise((resolve, reject) => {
    const runtime = {};
    accountLink(accountId)(runtime)({
      op,
      next: (handed) =>
        observable((observer) => {
          resolve(handed.input);
          observer.complete();
        }),
    }).subscribe({ error: reject });
  });
}

describe('accountLink', () => {
  it('names the account on show in what takes one, and leaves alone what takes none', async () => {
    expect(await handedOn('acc_1', 'orders.submit', { symbol: 'AAPL' })).toEqual({
      symbol: 'AAPL',
      accountId: 'acc_1',
    });
    expect(await handedOn('acc_1', 'system.clock', undefined)).toEqual({ accountId: 'acc_1' });
    expect(await handedOn('acc_1', 'orders.get', { id: 'ord_1' })).toEqual({ id: 'ord_1' });
    expect(await handedOn('acc_1', 'constructor', { id: 1 })).toEqual({ id: 1 });
    expect(await handedOn(null, 'quotes.get', { symbol: 'AAPL' })).toEqual({ symbol: 'AAPL' });
  });

  it('never puts another account in the place of one that a call names', () => {
    expect(withAccount({ accountId: 'acc_2' }, 'acc_1')).toEqual({ accountId: 'acc_2' });
    expect(withAccount({ accountId: undefined }, 'acc_1')).toEqual({ accountId: 'acc_1' });
  });
});
