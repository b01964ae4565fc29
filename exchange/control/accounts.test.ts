import { mkdtemp, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDesk } from '../testing/desk';

const accountShape = z.object({ account_number: z.string(), cash: z.string() });

test('a reset account has another number and nothing of the old one, also after a restart', async () => {
  const dataDir = await mkdtemp('/tmp/ex-reset-');
  const first = await openDesk({ dataDir });
  const before = accountShape.parse(await first.get('/v2/account'));
  await first.send('POST', '/v2/orders', {
    symbol: 'SPY',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '5',
    time_in_force: 'gtc',
  });
  const { status } = await first.control('/control/accounts/reset', { key_id: first.keyId, cash: '5000' });
  expect(status).toBe(201);
  const after = accountShape.parse(await first.get('/v2/account'));
  expect(after.account_number).not.toBe(before.account_number);
  expect(after.cash).toBe('5000');
  expect(await first.get('/v2/orders?status=all')).toEqual([]);
  await first.exchange.close();
  const second = await openDesk({ dataDir });
  expect(accountShape.parse(await second.get('/v2/account'))).toEqual(after);
  await second.exchange.close();
  await rm(dataDir, { recursive: true });
});
