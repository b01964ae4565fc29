import type { SubmitOrderInput } from '@/domain/order/submit-order';
import { hookDenials, type HookDenial, type Market } from '@/domain/webhook/hook-limits';
import { patiently } from '@/server/platform/patience';
import type { AccountRecord } from '../accounts/account-record';
import type { ServiceContext } from '../context';
import { pricesFor } from '../risk/order-facts';
import type { HookRow } from './hook-record';

const QUOTE_WAIT_MS = 2_000;
const NO_MARKET: Market = { bid: null, ask: null, last: null };

/** The limits of the hook that an order breaks; its account's own come after, with the desk's risk rules. */
export async function judgeAlert(
  ctx: ServiceContext,
  account: AccountRecord,
  hook: Pick<HookRow, 'limits'>,
  order: SubmitOrderInput,
): Promise<HookDenial[]> {
  const { maxNotional, maxQty } = hook.limits;
  const needsMarket = maxNotional !== null || (maxQty !== null && order.qty === undefined);
  const market = needsMarket ? await marketOf(ctx, account, order) : NO_MARKET;
  return hookDenials(order, hook.limits, market);
}

async function marketOf(
  ctx: ServiceContext,
  account: AccountRecord,
  order: SubmitOrderInput,
): Promise<Market> {
  // As for an order at market: without a price the limit cannot be checked.
  const asked = pricesFor(ctx.feedOf(account), { ...order, type: 'market', hasKey: true });
  return (await patiently(asked, QUOTE_WAIT_MS, null)) ?? NO_MARKET;
}
