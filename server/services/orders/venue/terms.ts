import { exact, plain } from '@/domain/money';
import type { VenueOrder } from '@/server/brokers/ports';
import type { OrderRow } from '../order-record';

const SOON_STALE_MS = 15_000;
const PATIENT_MS = 60_000;

/** How long an order may be on its way: one at market is about the price of now, any other names its own. */
export const timeToLive = ({ type }: Pick<OrderRow, 'type'>): number =>
  type === 'market' ? SOON_STALE_MS : PATIENT_MS;

const AMOUNTS = ['qty', 'notional', 'limitPrice', 'stopPrice', 'trailPrice', 'trailPercent'] as const;

/** Whether the venue has the same options in the same proportion; a word of it without legs says nothing. */
function sameLegs(row: OrderRow, venue: VenueOrder): boolean {
  if (row.legs === null || venue.legs.length === 0) return true;
  const qty = exact(venue.qty ?? '0');
  const theirs = new Set(venue.legs.map((leg) => `${leg.side} ${leg.qty ?? ''} ${leg.symbol}`));
  return (
    theirs.size === row.legs.length &&
    row.legs.every(({ side, symbol, ratioQty }) =>
      theirs.has(`${side} ${plain(qty.times(ratioQty))} ${symbol}`),
    )
  );
}

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
    ...(sameLegs(row, venue) ? [] : ['set of legs']),
    ...(isSameType ? [] : ['type']),
    ...amounts,
  ];
}
