import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Books } from './books';

/**
 * The truth: the exchange's journal read as lines, for one account. It shares no code with the desk or with the
 * exchange. Money is counted in micro-dollars and quantity in billionths.
 */
const journalled = z.looseObject({
  id: z.string(),
  account_id: z.string(),
  client_order_id: z.string(),
  symbol: z.string(),
  side: z.string(),
  type: z.string(),
  expires_at: z.number(),
  /** Of orders that came on the TWS wire. */
  tws: z.looseObject({ order_ref: z.string() }).optional(),
});
type Placed = {
  clientOrderId: string;
  status: string;
  symbol: string;
  side: string;
  isStop: boolean;
  /** The entry whose exit it is; null for any other order. */
  entry: string | null;
};
const line = z.looseObject({
  type: z.string(),
  account_id: z.string().optional(),
  order_id: z.string().optional(),
  execution_id: z.string().optional(),
  by: z.string().nullish(),
  qty: z.string().optional(),
  price: z.string().optional(),
  fee: z.string().optional(),
  amount: z.string().optional(),
  complete: z.boolean().optional(),
  symbol: z.string().optional(),
  account: z
    .looseObject({ id: z.string(), number: z.string(), key_id: z.string(), cash: z.string() })
    .optional(),
  order: journalled.optional(),
  legs: z.array(journalled).optional(),
});
export type Line = z.infer<typeof line>;

/** Reads a journal that grows; what was read once is not read again. */
export function openJournal(path: string): () => readonly Line[] {
  const lines: Line[] = [];
  let offset = 0;
  return () => {
    const bytes = readFileSync(path).subarray(offset);
    // A last line without its newline was never acknowledged.
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    for (const text of whole.toString('utf8').split('\n')) {
      if (text !== '') lines.push(line.parse(JSON.parse(text)));
    }
    offset += whole.length;
    return lines;
  };
}

export function units(text: string, digits: number): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + part.slice(0, digits).padEnd(digits, '0'));
  return text.startsWith('-') ? -value : value;
}

/** Quantity times price in micro-dollars, rounded half away from zero. */
export const worth = (qty: string, price: string): bigint =>
  (units(qty, 9) * units(price, 6) + 500_000_000n) / 1_000_000_000n;

/** The key id behind an account's number. */
export function keyIdOf(lines: readonly Line[], accountNumber: string): string {
  const found = lines.find(({ account }) => account?.number === accountNumber)?.account;
  if (found === undefined) throw new Error(`the journal knows no account ${accountNumber}`);
  return found.key_id;
}

const ENDS: Readonly<Record<string, string>> = {
  order_canceled: 'canceled',
  order_expired: 'expired',
  order_rejected: 'rejected',
  order_replaced: 'replaced',
};

export function truthOf(lines: readonly Line[], keyId: string): Books {
  const account = lines.find((each) => each.account?.key_id === keyId)?.account;
  if (account === undefined) throw new Error(`the journal knows no key ${keyId}`);
  const orders = new Map<string, Placed>();
  const fills: Books['fills'] = [];
  const held = new Map<string, bigint>();
  let cash = units(account.cash, 6);
  for (const each of lines) {
    if (each.type === 'order_accepted' && each.order?.account_id === account.id) {
      const { id } = each.order;
      orders.set(id, placed(each.order, null));
      for (const leg of each.legs ?? []) orders.set(leg.id, placed(leg, id));
    }
    if (each.type === 'position_moved' && each.account_id === account.id) {
      const symbol = each.symbol ?? '';
      held.set(symbol, (held.get(symbol) ?? 0n) + units(each.qty ?? '0', 9));
    }
    if (each.type === 'cash_moved' && each.account_id === account.id) cash += units(each.amount ?? '0', 6);
    const order = orders.get(each.order_id ?? '');
    if (order === undefined) continue;
    order.status = ENDS[each.type] ?? order.status;
    const successor = orders.get(each.by ?? '');
    if (each.type === 'replace_rejected' && successor !== undefined) successor.status = 'rejected';
    if (each.type !== 'order_filled') continue;
    const { execution_id: executionId = '', qty = '0', price = '0', fee = '0' } = each;
    fills.push({ executionId, qty, price });
    const sign = order.side === 'buy' ? 1n : -1n;
    cash -= sign * worth(qty, price) + units(fee, 6);
    held.set(order.symbol, (held.get(order.symbol) ?? 0n) + sign * units(qty, 9));
    if (each.complete === true) order.status = 'filled';
  }
  return {
    orders: [...orders.values()].map(({ clientOrderId, status, entry }) => ({
      clientOrderId,
      status,
      hasReason: false,
      isExit: entry !== null,
    })),
    fills,
    cash: money(cash),
    ledgerCash: null,
    positions: new Map(
      [...held].filter(([, qty]) => qty !== 0n).map(([symbol, qty]) => [symbol, String(qty)]),
    ),
    unprotected: unprotectedOf(orders, held),
    intents: null,
  };
}

const placed = (
  { client_order_id: clientOrderId, symbol, side, type }: z.infer<typeof journalled>,
  entry: string | null,
): Placed => ({
  clientOrderId,
  symbol,
  side,
  status: 'open',
  isStop: type.startsWith('stop'),
  entry,
});

const LOST = new Set(['rejected', 'canceled', 'expired']);

/** Symbols that are held, whose entry came with a stop that is gone, and in which no other stop works. */
function unprotectedOf(orders: ReadonlyMap<string, Placed>, held: ReadonlyMap<string, bigint>): Set<string> {
  const all = [...orders.values()];
  const lost = all.filter(
    ({ entry, isStop, status, symbol }) =>
      isStop &&
      LOST.has(status) &&
      (held.get(symbol) ?? 0n) !== 0n &&
      orders.get(entry ?? '')?.status === 'filled' &&
      !all.some((other) => other.symbol === symbol && other.isStop && other.status === 'open'),
  );
  return new Set(lost.map(({ symbol }) => symbol));
}

export const money = (micros: bigint): string => `${micros} micro-dollars`;
