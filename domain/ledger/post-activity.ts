import { exact, plain } from '../money';
import { type Execution, type Holding, noHolding, postFill } from './post-fill';
import { type LedgerAccount, toMicros, type Transfer, transferOf } from './transfer';

/**
 * What changed an account other than an execution, in the venue's words (types of Alpaca's OpenAPI). `qty` is
 * signed: what came in, or went out. For dividends it is only what was paid for, and moves nothing.
 */
export type AccountActivity = {
  id: string;
  type: string;
  symbol: string | null;
  qty: string | null;
  netAmount: string;
  /** Dollars a share where the activity names one. */
  price: string | null;
  /** Activities of one event, such as a contract that goes for another, share it. */
  groupId: string | null;
  at: string;
};

/** What came in or went out is settled against its cost, as if it were sold or bought for nothing. */
const SETTLED_FOR_NOTHING: ReadonlySet<string> = new Set(['OPEXP', 'OPASN', 'OPEXC', 'CFEE']);
/** Shares that change hands for the activity's own money. */
const PAID_FOR: ReadonlySet<string> = new Set(['OPTRD']);
/** Shares that come or go unpaid: what the position cost stays, unless the activity names a price. */
const UNPAID: ReadonlySet<string> = new Set([
  'SPLIT',
  'SPIN',
  'MA',
  'NC',
  'REORG',
  'JNL',
  'JNLS',
  'ACATS',
  'FOPT',
  // The desk's own: what was there when its books were opened, and what a person took over.
  'OPENING',
  'ADOPTION',
]);

const MONEY: readonly (readonly [prefix: string, account: LedgerAccount])[] = [
  ['DIVFEE', 'fees'],
  ['DIV', 'dividends'],
  ['CGD', 'dividends'],
  ['INT', 'interest'],
  ['FEE', 'fees'],
  ['CFEE', 'fees'],
  ['PTC', 'fees'],
  ['PTR', 'fees'],
  ['CSD', 'funding'],
  ['CSW', 'funding'],
  ['TRANS', 'funding'],
  ['JNLC', 'funding'],
  ['ACATC', 'funding'],
];

export function accountFor(type: string): LedgerAccount {
  return MONEY.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'adjustments';
}

/** What an activity does to its position: an execution for its own money or for nothing, or shares unpaid. */
export type PositionEffect =
  | { kind: 'execution'; execution: Execution }
  /** An option contract that goes for another, or comes for one: its cost goes along. */
  | { kind: 'exchange'; qty: string }
  /** `costMicros` is what the activity says they are worth; 0 leaves the position's cost as it is. */
  | { kind: 'scale'; qty: string; costMicros: bigint };

/** Null when it moves no shares. */
export function positionEffect({ type, qty, netAmount, price }: AccountActivity): PositionEffect | null {
  if (qty === null || exact(qty).isZero()) return null;
  if (type === 'OPCA') return { kind: 'exchange', qty };
  if (UNPAID.has(type)) {
    return { kind: 'scale', qty, costMicros: price === null ? 0n : toMicros(plain(exact(qty).times(price))) };
  }
  if (!PAID_FOR.has(type) && !SETTLED_FOR_NOTHING.has(type)) return null;
  const micros = PAID_FOR.has(type) ? toMicros(plain(exact(netAmount).abs())) : 0n;
  const side = exact(qty).isPositive() ? 'buy' : 'sell';
  return { kind: 'execution', execution: { side, qty: plain(exact(qty).abs()), micros } };
}

/**
 * Books an activity; the holding is null when it moves no shares.
 * @param carried what the contract that goes has put into `adjustments` for the one that comes, micro-dollars
 */
export function postActivity(
  held: Holding | null,
  activity: AccountActivity,
  carried = 0n,
): { holding: Holding | null; transfers: Transfer[] } {
  const { symbol, type } = activity;
  const money = PAID_FOR.has(type)
    ? []
    : transferOf('cash', accountFor(type), toMicros(activity.netAmount), symbol);
  const effect = positionEffect(activity);
  if (symbol === null || effect === null) return { holding: null, transfers: money };
  const holding = held ?? noHolding(symbol);
  const { holding: after, transfers } = posted(holding, effect, carried);
  return { holding: after, transfers: [...transfers, ...money] };
}

function posted(holding: Holding, effect: PositionEffect, carried: bigint) {
  if (effect.kind === 'execution') return postFill(holding, effect.execution);
  if (effect.kind === 'scale') return scale(holding, effect);
  return exchange(holding, effect.qty, carried);
}

function exchange(holding: Holding, qty: string, carried: bigint) {
  const { symbol } = holding;
  const after = plain(exact(holding.qty).plus(qty));
  const cost = exact(after).isZero() ? -holding.costMicros : carried;
  return {
    holding: { symbol, qty: after, costMicros: holding.costMicros + cost },
    transfers: transferOf('holdings', 'adjustments', cost, symbol),
  };
}

function scale(holding: Holding, effect: Extract<PositionEffect, { kind: 'scale' }>) {
  const { symbol } = holding;
  const qty = plain(exact(holding.qty).plus(effect.qty));
  const value = effect.costMicros;
  // A position that is gone costs nothing: what it had cost is lost, or was a gain for a short.
  const costMicros = exact(qty).isZero() ? 0n : holding.costMicros + value;
  return {
    holding: { symbol, qty, costMicros },
    transfers: [
      ...transferOf('holdings', 'funding', value, symbol),
      ...transferOf('realized', 'holdings', holding.costMicros + value - costMicros, symbol),
    ],
  };
}
