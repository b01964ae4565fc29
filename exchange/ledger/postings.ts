import { worthIn } from '../assets/asset';
import { parseMoney, parseQty } from '../decimal/decimal';
import type { JournalRecord } from '../journal/records';
import { type Account, type Move, movePosition } from './account';
import {
  cashBook,
  deposit,
  type Entry,
  execution,
  type Ledger,
  shareDeposit,
  sharesBook,
  USD,
} from './ledger';
import { deliveriesOf, transferId } from './transfers';

type RecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { type: T }>;

/** Posts a transaction; the account's cash is what the ledger says. */
export function post(
  ledger: Ledger,
  account: Account,
  entries: readonly Entry[],
  of: Pick<Move, 'at' | 'symbol' | 'funded' | 'delivers'>,
): void {
  const cashBefore = account.cash;
  const shares = sharesBook(account.id);
  const qty = entries.reduce(
    (sum, entry) => (entry.book === shares && entry.unit === of.symbol ? sum + entry.amount : sum),
    0n,
  );
  ledger.post(entries);
  account.cash = ledger.balance(cashBook(account.id), USD);
  addMove(account, { ...of, cash: account.cash - cashBefore, qty });
}

/** What takes effect earlier than it was got to comes before what happened meanwhile. */
function addMove({ moves }: Account, move: Move): void {
  const next = moves.findLastIndex(({ at }) => at <= move.at) + 1;
  moves.splice(next, 0, move);
}

/** Money from outside. */
export function bookCash(ledger: Ledger, account: Account, record: RecordOf<'cash_moved'>): void {
  const { at, seq } = record;
  const cash = parseMoney(record.amount) ?? 0n;
  post(ledger, account, deposit(account.id, cash), { at, symbol: null, funded: cash });
  const type = cash < 0n ? 'CSW' : 'CSD';
  const id = transferId(account.id, seq);
  account.transfers.push({ id, at, type, netAmount: cash, symbol: null, qty: null, price: null });
}

/** Shares from outside. */
export function bookPosition(ledger: Ledger, account: Account, record: RecordOf<'position_moved'>): void {
  const { symbol, at, seq } = record;
  const qty = parseQty(record.qty) ?? 0n;
  const price = parseMoney(record.price) ?? 0n;
  movePosition(account, { symbol, signedQty: qty, price, at });
  const funded = worthIn(symbol, qty, price);
  post(ledger, account, shareDeposit(account.id, symbol, qty), { at, symbol, funded });
  if (record.untold === true) return;
  const id = transferId(account.id, seq);
  account.transfers.push({ id, at, type: 'JNLS', netAmount: 0n, symbol, qty, price });
}

/** The end of option contracts, and what they deliver. */
export function bookSettlement(ledger: Ledger, account: Account, record: RecordOf<'option_settled'>): void {
  const at = record.effective ?? record.at;
  for (const { symbol, qty, price, value, transfer } of deliveriesOf(record)) {
    movePosition(account, { symbol, signedQty: qty, price, at });
    const entries = execution(account.id, { symbol, qty, value, fee: 0n });
    post(ledger, account, entries, { at, symbol, funded: 0n });
    account.transfers.push(transfer);
  }
  if (!account.positions.has(record.symbol)) account.notExercised.delete(record.symbol);
}
