import { createHash } from 'node:crypto';
import type { Clock } from '@/server/platform/clock';
import { newId } from '@/server/platform/ids';
import type { AccountRecord } from '../accounts/account-record';
import type { OrderRow } from './order-record';

type Terms = Pick<OrderRow, 'symbol' | 'side' | 'type' | 'timeInForce' | 'requestHash'> & Partial<OrderRow>;

/** An order's row before anything has happened to it; its client order id is its own id unless one is given. */
export function newOrder(clock: Clock, account: AccountRecord, terms: Terms): OrderRow {
  const id = newId('ord', clock.now());
  const at = clock.iso();
  return {
    id,
    userId: account.userId,
    accountId: account.id,
    clientOrderId: id,
    venueOrderId: null,
    qty: null,
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    orderClass: 'simple',
    takeProfit: null,
    stopLoss: null,
    parentId: null,
    replacesId: null,
    filledQty: '0',
    filledAvgPrice: null,
    status: 'submitting',
    reasonCode: null,
    reasonMessage: null,
    idempotencyKey: null,
    createdAt: at,
    submittedAt: null,
    updatedAt: at,
    closedAt: null,
    ...terms,
  };
}

/** The fingerprint of what a caller asked for: the same request gives the same one, whatever its fields' order. */
export function hashRequest(verb: string, request: Record<string, unknown>): string {
  const ordered = Object.entries(request)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => a.localeCompare(b));
  return createHash('sha256')
    .update(JSON.stringify([verb, ordered]))
    .digest('hex');
}
