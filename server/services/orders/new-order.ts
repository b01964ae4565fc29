import { createHash } from 'node:crypto';
import type { Denial } from '@/domain/risk/rules';
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
    positionIntent: null,
    legs: null,
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
    leaseHolder: null,
    leaseToken: 0,
    mayBeSent: true,
    storyDigest: null,
    rowDigest: null,
    ...terms,
  };
}

/** The same order, closed by our own rules where there are any against it; the first one names the reason. */
export function denied(row: OrderRow, denials: readonly Denial[]): OrderRow {
  const [first] = denials;
  if (first === undefined) return row;
  const reasonMessage = denials.map(({ message }) => message).join(' ');
  return { ...row, status: 'denied', reasonCode: first.rule, reasonMessage, closedAt: row.createdAt };
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
