import { dayFrom, isoDate } from '../clock/new-york';
import {
  absolute,
  formatMoney,
  formatQty,
  ONE_SHARE,
  parseMoney,
  parseQty,
  valueOf,
} from '../decimal/decimal';
import type { Charge, DividendEarned, SplitTaken } from '../journal/day-opened';
import type { JournalRecord } from '../journal/records';
import { cusipOf } from '../market/company/action-name';
import type { Account, Position, Transfer } from './account';
import { charge, issue, type Ledger } from './ledger';
import { post } from './postings';
import { transferId } from './transfers';

type DayOpened = Extract<JournalRecord, { type: 'day_opened' }>;

/** What a day's beginning works on. */
export interface DayBooks {
  readonly ledger: Ledger;
  account(id: string): Account;
}

/** Books what a day's beginning does to holdings: payments first, the splits last. */
export function bookOpenedDay(books: DayBooks, record: DayOpened): void {
  for (const { account_id, action_id } of record.paid) {
    payDividend(books.ledger, books.account(account_id), action_id, record);
  }
  for (const one of record.charges) bookCharge(books.ledger, books.account(one.account_id), one, record);
  for (const one of record.earned) earnDividend(books, one, record);
  for (const one of record.splits) {
    for (const position of one.positions) {
      splitPosition(books.ledger, books.account(position.account_id), { ...position, split: one, record });
    }
    adjustOptions(books, one, record);
  }
}

function earnDividend(books: DayBooks, { holders, ...of }: DividendEarned, record: DayOpened): void {
  for (const { account_id, qty } of holders) {
    books.account(account_id).entitlements.set(of.action_id, {
      actionId: of.action_id,
      symbol: of.symbol,
      qty: parseQty(qty) ?? 0n,
      rate: parseMoney(of.rate) ?? 0n,
      exDay: dayFrom(record.day),
      payDay: dayFrom(of.pay_date),
      special: of.special,
    });
  }
}

function payDividend(ledger: Ledger, account: Account, actionId: string, record: DayOpened): void {
  const due = account.entitlements.get(actionId);
  if (due === undefined) throw new Error(`no dividend ${actionId} is due to ${account.id}`);
  account.entitlements.delete(actionId);
  const { symbol, qty, rate, exDay, payDay, special } = due;
  const netAmount = valueOf(qty, rate);
  post(ledger, account, issue(account.id, { cash: netAmount, shares: [] }), {
    at: record.effective,
    symbol: null,
    funded: 0n,
  });
  account.transfers.push({
    id: transferId(account.id, record.seq, `dividend/${actionId}`),
    at: record.effective,
    type: 'DIV',
    // Who is short pays the lender of the shares in lieu of the company (Alpaca OpenAPI: ActivitySubType).
    subType: qty < 0n ? 'SPD' : 'CDIV',
    netAmount,
    symbol,
    qty,
    price: null,
    perShare: rate,
    details: {
      cusip: cusipOf(symbol),
      ca_id: actionId,
      ex_date: isoDate(exDay),
      payable_date: isoDate(payDay),
      position_date: isoDate(exDay),
      rate: formatMoney(rate),
      entitled_qty: formatQty(qty),
      cash_payout: formatMoney(netAmount),
      foreign: false,
      special,
    },
  });
}

function bookCharge(ledger: Ledger, account: Account, of: Charge, record: DayOpened): void {
  const amount = parseMoney(of.amount) ?? 0n;
  const at = record.effective;
  post(ledger, account, charge(account.id, amount), { at, symbol: null, funded: 0n });
  const { kind, symbol } = of;
  account.transfers.push({
    id: transferId(account.id, record.seq, `${kind}/${symbol ?? ''}`),
    at,
    ...(kind === 'interest' ? { type: 'INT', subType: 'MGN' } : { type: 'FEE' }),
    netAmount: -amount,
    symbol,
    qty: null,
    price: null,
    description: kind === 'interest' ? 'Margin interest' : 'Stock borrow fee',
  });
}

/** Quantity changes; what was paid for it does not, but for the part that cash is given for. */
function splitPosition(
  ledger: Ledger,
  account: Account,
  of: { qty: string; cash: string; split: SplitTaken; record: DayOpened },
): void {
  const { split, record } = of;
  const { symbol } = split;
  const position = account.positions.get(symbol);
  if (position === undefined) throw new Error(`no position in ${symbol} to split`);
  const [newRate, oldRate] = [BigInt(split.new_rate), BigInt(split.old_rate)];
  const [before, qty, cash] = [position.qty, parseQty(of.qty) ?? 0n, parseMoney(of.cash) ?? 0n];
  position.cost = (position.cost * qty * oldRate) / (before * newRate);
  position.qty = qty;
  if (qty === 0n) account.positions.delete(symbol);
  const at = record.effective;
  post(ledger, account, issue(account.id, { cash, shares: [{ symbol, qty: qty - before }] }), {
    at,
    symbol,
    funded: 0n,
  });
  account.transfers.push({
    id: transferId(account.id, record.seq, `split/${symbol}`),
    at,
    type: 'SPLIT',
    subType: subTypeOf(split),
    netAmount: cash,
    symbol,
    qty: qty - before,
    price: null,
    description: cash === 0n ? '' : 'Cash in lieu of a fraction of a share',
    details: {
      ...detailsOf(split, record),
      symbol,
      old_qty: formatQty(before),
      new_qty: formatQty(qty),
    },
  });
}

const subTypeOf = ({ new_rate, old_rate }: SplitTaken): string => (new_rate > old_rate ? 'FSPLIT' : 'RSPLIT');

const detailsOf = (split: SplitTaken, { day }: DayOpened): Record<string, string> => ({
  old_cusip: cusipOf(split.symbol),
  new_cusip: cusipOf(split.symbol),
  old_rate: String(split.old_rate),
  new_rate: String(split.new_rate),
  ca_id: split.action_id,
  ex_date: day,
  position_date: day,
});

/** Old contracts go, new ones come. All go first: one's new symbol may be another's old one. */
function adjustOptions(books: DayBooks, split: SplitTaken, record: DayOpened): void {
  const taken = split.options.map((one) => {
    const account = books.account(one.account_id);
    const position = account.positions.get(one.symbol);
    if (position === undefined) throw new Error(`no position in ${one.symbol} to adjust`);
    account.positions.delete(one.symbol);
    return { one, account, position };
  });
  for (const { one, account, position } of taken) {
    const [qty, delivers] = [parseQty(one.new_qty) ?? 0n, parseQty(one.delivers) ?? 0n];
    const present = account.positions.get(one.new_symbol);
    const { openedAt } = position;
    account.positions.set(one.new_symbol, {
      symbol: one.new_symbol,
      qty: (present?.qty ?? 0n) + qty,
      cost: (present?.cost ?? 0n) + position.cost,
      openedAt: present === undefined ? openedAt : Math.min(present.openedAt, openedAt),
      ...(delivers === 100n * ONE_SHARE ? {} : { delivers }),
    });
    if (account.notExercised.delete(one.symbol)) account.notExercised.add(one.new_symbol);
    postAdjustment(books.ledger, account, {
      position,
      qty,
      delivers,
      split,
      record,
      newSymbol: one.new_symbol,
    });
  }
}

interface Adjustment {
  readonly position: Position;
  readonly newSymbol: string;
  readonly qty: bigint;
  readonly delivers: bigint;
  readonly split: SplitTaken;
  readonly record: DayOpened;
}

/** Two activities of one group: what goes and what comes. */
function postAdjustment(ledger: Ledger, account: Account, of: Adjustment): void {
  const { position, newSymbol, qty, delivers, split, record } = of;
  const old = position.symbol;
  const name = `adjustment/${old}`;
  const at = record.effective;
  const changed = absolute(qty) !== absolute(position.qty);
  const common = {
    at,
    type: 'OPCA',
    subType: `SPLIT.${subTypeOf(split)}`,
    netAmount: 0n,
    price: null,
    groupId: transferId(account.id, record.seq, name),
    details: {
      ...detailsOf(split, record),
      symbol: split.symbol,
      old_contract_symbol: old,
      new_contract_symbol: newSymbol,
      ...(changed ? { old_qty: formatQty(position.qty), new_qty: formatQty(qty) } : { qty: formatQty(qty) }),
    },
  } satisfies Partial<Transfer>;
  for (const [symbol, change] of [
    [old, -position.qty],
    [newSymbol, qty],
  ] as const) {
    const entries = issue(account.id, { cash: 0n, shares: [{ symbol, qty: change }] });
    const adjusted = symbol === newSymbol && delivers !== 100n * ONE_SHARE;
    post(ledger, account, entries, { at, symbol, funded: 0n, ...(adjusted ? { delivers } : {}) });
    const id = transferId(account.id, record.seq, `${name}/${symbol}`);
    account.transfers.push({ ...common, id, symbol, qty: change });
  }
}
