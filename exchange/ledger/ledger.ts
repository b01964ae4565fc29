/** One side of a transaction: a book gains (or loses) an amount of a unit: micro-dollars or nano-shares. */
export interface Entry {
  readonly book: string;
  /** `USD` or a symbol. */
  readonly unit: string;
  readonly amount: bigint;
}

export const USD = 'USD';
/** The rest of the world: whoever is on the other side of executions. */
const STREET = 'street';
/** Where deposits and journalled positions come from. */
const FUNDING = 'funding';
const FEES = 'fees';
/** Companies, who pay dividends and exchange old shares for new ones, and the OCC, who adjusts contracts. */
const ISSUERS = 'issuers';

export const cashBook = (accountId: string): string => `cash/${accountId}`;
export const sharesBook = (accountId: string): string => `shares/${accountId}`;

/** Moves an amount of a unit from one book to another. */
const move = (unit: string, amount: bigint, from: string, to: string): Entry[] => [
  { book: from, unit, amount: -amount },
  { book: to, unit, amount },
];

/** Money that comes into an account from outside; negative goes out. */
export const deposit = (accountId: string, cash: bigint): Entry[] =>
  move(USD, cash, FUNDING, cashBook(accountId));

/** Shares that come into an account from outside, unpaid. */
export const shareDeposit = (accountId: string, symbol: string, qty: bigint): Entry[] =>
  move(symbol, qty, FUNDING, sharesBook(accountId));

/** What a company pays, or takes of a short seller; and shares that it adds, or takes away. */
export const issue = (
  accountId: string,
  of: { cash: bigint; shares: readonly { symbol: string; qty: bigint }[] },
): Entry[] => [
  ...move(USD, of.cash, ISSUERS, cashBook(accountId)),
  ...of.shares.flatMap(({ symbol, qty }) => move(symbol, qty, ISSUERS, sharesBook(accountId))),
];

/** A charge for what is borrowed. */
export const charge = (accountId: string, amount: bigint): Entry[] =>
  move(USD, amount, cashBook(accountId), FEES);

/** An execution: shares against money, and the fee in either. `qty` and `value` negative for a sale. */
export const execution = (
  accountId: string,
  of: { symbol: string; qty: bigint; value: bigint; fee: bigint; feeQty?: bigint },
): Entry[] => [
  ...move(of.symbol, of.qty, STREET, sharesBook(accountId)),
  ...move(USD, of.value, cashBook(accountId), STREET),
  ...move(USD, of.fee, cashBook(accountId), FEES),
  ...move(of.symbol, of.feeQty ?? 0n, sharesBook(accountId), FEES),
];

/** Double-entry books in integers: whatever one book gains, others lose. */
export class Ledger {
  readonly #balances = new Map<string, Map<string, bigint>>();

  /** Books a transaction whole. Throws, and books nothing, when it does not add up to nothing in each unit. */
  post(entries: readonly Entry[]): void {
    const sums = new Map<string, bigint>();
    for (const { unit, amount } of entries) sums.set(unit, (sums.get(unit) ?? 0n) + amount);
    for (const [unit, sum] of sums) {
      if (sum !== 0n) throw new Error(`the transaction is off by ${sum} ${unit}`);
    }
    for (const { book, unit, amount } of entries) {
      const balances = this.#balances.get(book) ?? new Map<string, bigint>();
      this.#balances.set(book, balances);
      const balance = (balances.get(unit) ?? 0n) + amount;
      if (balance === 0n) balances.delete(unit);
      else balances.set(unit, balance);
    }
  }

  balance(book: string, unit: string): bigint {
    return this.#balances.get(book)?.get(unit) ?? 0n;
  }

  /** The sum over all books of each unit; all of it is nothing, always. */
  trialBalance(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const balances of this.#balances.values()) {
      for (const [unit, amount] of balances) sums.set(unit, (sums.get(unit) ?? 0n) + amount);
    }
    return sums;
  }

  /** All balances, as a snapshot keeps them. */
  save(): Map<string, Map<string, bigint>> {
    return this.#balances;
  }

  load(balances: Map<string, Map<string, bigint>>): void {
    for (const [book, units] of balances) this.#balances.set(book, units);
  }
}
