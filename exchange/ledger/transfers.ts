import { findAsset, positionSymbol, worthIn } from '../assets/asset';
import { divideRounded, ONE_SHARE, parseMoney, parseQty } from '../decimal/decimal';
import type { JournalRecord } from '../journal/records';
import { uuidOf } from '../market/instruments';
import type { Transfer } from './account';

type RecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { type: T }>;

/** The id of a transfer: one name and one record have one. */
export const transferId = (accountId: string, seq: number, name = 'transfer'): string =>
  uuidOf(`${seq}/${name}/${accountId}/${seq}`);

/** The fee of an execution: in dollars, or in the coins that were bought. */
export function feeTransfer(accountId: string, symbol: string, record: RecordOf<'order_filled'>): Transfer {
  const { at, seq } = record;
  const id = transferId(accountId, seq);
  const netAmount = -(parseMoney(record.fee) ?? 0n);
  if (findAsset(symbol)?.kind !== 'crypto') {
    return { id, at, type: 'FEE', netAmount, symbol: null, qty: null, price: null };
  }
  const qty = -(parseQty(record.fee_qty) ?? 0n);
  const price = parseMoney(record.price);
  return { id, at, type: 'CFEE', netAmount, symbol: positionSymbol(symbol), qty, price };
}

/** What comes into an account for a price, negative what leaves it, and how it is listed. */
interface Delivery {
  readonly symbol: string;
  readonly qty: bigint;
  readonly price: bigint;
  readonly value: bigint;
  readonly transfer: Transfer;
}

const SETTLEMENTS = { exercise: 'OPEXC', assignment: 'OPASN', expiry: 'OPEXP' } as const;

/** The contracts go; shares and money change hands at the strike. */
export function deliveriesOf(record: RecordOf<'option_settled'>): Delivery[] {
  const { account_id, symbol, how, seq } = record;
  const at = record.effective ?? record.at;
  const qty = -(parseQty(record.qty) ?? 0n);
  const [shares, price] = [parseQty(record.shares) ?? 0n, parseMoney(record.strike) ?? 0n];
  const gone = { id: transferId(account_id, seq), at, type: SETTLEMENTS[how], netAmount: 0n, price: null };
  const contracts = { symbol, qty, price: 0n, value: 0n, transfer: { ...gone, symbol, qty } };
  if (shares === 0n) return [contracts];
  const value =
    record.value === undefined ? worthIn(record.underlying, shares, price) : (parseMoney(record.value) ?? 0n);
  // What an adjusted contract delivers has another price a share than its strike.
  const each = record.value === undefined ? price : divideRounded(value * ONE_SHARE, shares);
  const stock = { symbol: record.underlying, qty: shares, price: each };
  const id = transferId(account_id, seq, 'delivery');
  const transfer: Transfer = { ...stock, id, at, type: 'OPTRD', netAmount: -value };
  return [contracts, { ...stock, value, transfer }];
}
