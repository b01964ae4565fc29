import { exact } from '@/domain/money';
import type { VenueOrder } from '@/server/brokers/ports';
import type { OrderRow } from '../order-record';

const SOON_STALE_MS = 15_000;
const PATIENT_MS = 60_000;

/** How long an order may be on its way: one at market is about the price of now, any other names its own. */
export const timeToLive = ({ type }: Pick<OrderRow, 'type'>): number =>
  type === 'market' ? SOON_STALE_MS : PATIENT_MS;

const AMOUNTS = ['qty', 'notional', 'limitPrice', 'stopPrice', 'trailPrice', 'trailPercent'] as const;

/** The terms in which the venue's order is another than ours; what we left open the venue may fill in. */
export function differingTerms(row: OrderRow, venue: VenueOrder): string[] {
  // Alpaca caps a buy stop with a limit of its own and calls it a stop limit from then on.
  const isSameType = venue.type === row.type || (row.type === 'stop' && venue.type === 'stop_limit');
  const amounts = AMOUNTS.filter((name) => {
    const [ours, theirs] = [row[name], venue[name]];
    return ours !== null && theirs !== null && !exact(ours).eq(theirs);
  });
  return [
    ...(venue.symbol === row.symbol ? [] : ['symbol']),
    ...(venue.side === row.side ? [] : ['side']),
    ...(isSameType ? [] : ['type']),
    ...amounts,
  ];
}
