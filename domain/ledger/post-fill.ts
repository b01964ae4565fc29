import { type Exact, exact, plain } from '../money';
import { toMicros, type Transfer, transferOf } from './transfer';

/** What an account holds of a symbol by its own books: signed shares, and what they cost in micro-dollars. */
export type Holding = { symbol: string; qty: string; costMicros: bigint };

export const noHolding = (symbol: string): Holding => ({ symbol, qty: '0', costMicros: 0n });

/** An execution as the books see it: shares above zero, and the micro-dollars that changed hands for all of them. */
export type Execution = { side: 'buy' | 'sell'; qty: string; micros: bigint };

/** The money of an execution at a price a share; `multiplier` is 100 for an option contract. */
export function tradeMicros(qty: string, price: string, multiplier: number): bigint {
  return toMicros(plain(exact(qty).times(price).times(multiplier)));
}

type Posting = { holding: Holding; transfers: Transfer[] };

/** A part of an execution: shares above zero, and the micro-dollars paid for them (negative: received). */
type Part = { side: Execution['side']; qty: Exact; paid: bigint };

/**
 * Books an execution at average cost: what opens or adds goes into the holding at its price; what closes leaves
 * with its share of the cost, and the rest of the money is realised. The last share takes the whole rest of the
 * cost, so that a closed position leaves nothing behind. One that crosses zero closes first and opens then.
 */
export function postFill(holding: Holding, execution: Execution): Posting {
  const { side } = execution;
  const qty = exact(execution.qty);
  const paid = side === 'buy' ? execution.micros : -execution.micros;
  const held = exact(holding.qty);
  if (held.isZero() || held.isPositive() === (side === 'buy')) return open(holding, { side, qty, paid });
  if (qty.lte(held.abs())) return close(holding, { side, qty, paid });
  const closing = { side, qty: held.abs(), paid: shareOf(paid, held.abs().div(qty)) };
  const closed = close(holding, closing);
  const opened = open(closed.holding, { side, qty: qty.minus(closing.qty), paid: paid - closing.paid });
  return { holding: opened.holding, transfers: [...closed.transfers, ...opened.transfers] };
}

const shareOf = (micros: bigint, part: Exact): bigint =>
  BigInt(exact(String(micros)).times(part).toFixed(0, 4));

const moved = (holding: Holding, { side, qty }: Part): string =>
  plain(side === 'buy' ? exact(holding.qty).plus(qty) : exact(holding.qty).minus(qty));

function open(holding: Holding, part: Part): Posting {
  const { symbol, costMicros } = holding;
  return {
    holding: { symbol, qty: moved(holding, part), costMicros: costMicros + part.paid },
    transfers: transferOf('holdings', 'cash', part.paid, symbol),
  };
}

function close(holding: Holding, part: Part): Posting {
  const { symbol, costMicros } = holding;
  const qty = moved(holding, part);
  const cost = exact(qty).isZero() ? costMicros : shareOf(costMicros, part.qty.div(exact(holding.qty).abs()));
  // `paid` is negative when money comes in: what came in less what it had cost is the gain.
  return {
    holding: { symbol, qty, costMicros: costMicros - cost },
    transfers: [
      ...transferOf('cash', 'holdings', cost, symbol),
      ...transferOf('cash', 'realized', -part.paid - cost, symbol),
    ],
  };
}
