import { z } from 'zod';
import { decimalString, type Exact, exact, plain } from '../money';
import { instant } from '../time';
import type { PositionEffect } from './post-activity';
import { type Holding, type Execution, noHolding, postFill } from './post-fill';
import { balanceOf, toDollars } from './transfer';

/** Which shares a closing execution closes: the oldest first, or all at their average cost. */
export const LOT_METHODS = ['fifo', 'average'] as const;
export const lotMethod = z.enum(LOT_METHODS).meta({ id: 'LotMethod' });
export type LotMethod = z.infer<typeof lotMethod>;

/** Shares that were opened and closed again. */
export const tradeSchema = z
  .object({
    id: z.string().describe('the closing execution, and the one that opened these shares'),
    symbol: z.string(),
    side: z.enum(['long', 'short']),
    qty: decimalString,
    openedAt: instant,
    closedAt: instant,
    entryPrice: decimalString.describe('dollars a share, or a contract: average, rounded to six places'),
    exitPrice: decimalString,
    realizedPl: decimalString.describe('US dollars, before fees'),
  })
  .meta({ id: 'Trade' });
export type Trade = z.infer<typeof tradeSchema>;

/** What happened to a position, oldest first. */
export type PositionEvent = {
  id: string;
  symbol: string;
  at: string;
  groupId?: string | null;
} & PositionEffect;

type Lot = { id: string; holding: Holding; openedAt: string };

/** Pairs what closed with what had opened it. The same events give the same trades. */
export function roundTrips(events: Iterable<PositionEvent>, method: LotMethod): Trade[] {
  const lots = new Map<string, Lot[]>();
  const trades: Trade[] = [];
  for (const event of events) {
    const open = lots.get(event.symbol) ?? [];
    lots.set(event.symbol, open);
    if (event.kind === 'scale') scale(open, event);
    else if (event.kind === 'exchange') exchange(open, event, lots);
    else trades.push(...trade(open, event, method));
  }
  return trades;
}

type Executed = Extract<PositionEvent, { kind: 'execution' }>;

function trade(open: Lot[], event: Executed, method: LotMethod): Trade[] {
  const trades: Trade[] = [];
  let rest = event.execution;
  for (let lot = open[0]; lot !== undefined && closes(lot, rest); lot = open[0]) {
    const part = partOf(rest, exact(lot.holding.qty).abs());
    trades.push(closed(lot, event, part));
    lot.holding = postFill(lot.holding, part).holding;
    if (exact(lot.holding.qty).isZero()) open.shift();
    rest = lessBy(rest, part);
    if (exact(rest.qty).isZero()) return trades;
  }
  const last = method === 'average' ? open[0] : undefined;
  if (last !== undefined) last.holding = postFill(last.holding, rest).holding;
  else open.push(lotOf(event, postFill(noHolding(event.symbol), rest).holding));
  return trades;
}

const lotOf = ({ id, at }: PositionEvent, holding: Holding): Lot => ({ id, holding, openedAt: at });

const closes = ({ holding }: Lot, { side }: Execution): boolean =>
  exact(holding.qty).isPositive() === (side === 'sell');

/** The part of an execution that closes at most `qty`, with its share of the money. */
function partOf(execution: Execution, qty: Exact): Execution {
  if (exact(execution.qty).lte(qty)) return execution;
  const micros = exact(String(execution.micros)).times(qty).div(execution.qty).toFixed(0, 4);
  return { side: execution.side, qty: plain(qty), micros: BigInt(micros) };
}

const lessBy = ({ side, qty, micros }: Execution, part: Execution): Execution => ({
  side,
  qty: plain(exact(qty).minus(part.qty)),
  micros: micros - part.micros,
});

function closed({ id, holding, openedAt }: Lot, event: Executed, part: Execution): Trade {
  const { transfers } = postFill(holding, part);
  return {
    id: `${event.id}:${id}`,
    symbol: event.symbol,
    side: exact(holding.qty).isPositive() ? 'long' : 'short',
    qty: part.qty,
    openedAt,
    closedAt: event.at,
    entryPrice: each(holding.costMicros, exact(holding.qty)),
    exitPrice: each(part.micros, exact(part.qty)),
    realizedPl: toDollars(-balanceOf(transfers, 'realized')),
  };
}

const each = (micros: bigint, qty: Exact): string =>
  plain(exact(toDollars(micros)).div(qty).toDecimalPlaces(6));

/** Lots that go for another contract wait under the event's name until that one comes, and keep their dates. */
function exchange(
  open: Lot[],
  event: Extract<PositionEvent, { kind: 'exchange' }>,
  lots: Map<string, Lot[]>,
) {
  const group = `group ${event.groupId ?? ''}`;
  const waiting = lots.get(group);
  if (waiting === undefined) {
    lots.set(group, open.splice(0));
    return;
  }
  lots.delete(group);
  const before = waiting.reduce((sum, { holding }) => sum.plus(holding.qty), exact(0));
  for (const { id, holding, openedAt } of waiting) {
    const qty = before.isZero() ? exact(0) : exact(holding.qty).times(event.qty).div(before);
    const { symbol } = event;
    open.push({ id, openedAt, holding: { symbol, qty: plain(qty), costMicros: holding.costMicros } });
  }
}

/** Spreads shares that came or went over the lots there are; without any they are a lot of their own. */
function scale(open: Lot[], event: Extract<PositionEvent, { kind: 'scale' }>): void {
  const held = open.reduce((sum, { holding }) => sum.plus(holding.qty), exact(0));
  const after = held.plus(event.qty);
  if (after.isZero()) open.length = 0;
  else if (held.isZero() || event.costMicros !== 0n) {
    const { symbol, qty, costMicros } = event;
    open.push(lotOf(event, { symbol, qty, costMicros }));
  } else {
    for (const lot of open) {
      const qty = exact(lot.holding.qty).times(after).div(held);
      lot.holding = { ...lot.holding, qty: plain(qty.toDecimalPlaces(9)) };
    }
  }
}
