import { z } from 'zod';
import { exact, plain } from '../money';

/**
 * The accounts of the books. Money is counted in whole micro-dollars and moves by transfers from one of them to
 * another, so that the books balance by their form: no row can say that money came from nowhere.
 * `holdings` is what open positions cost (negative for shorts), `realized` the gain of closed ones.
 */
export const LEDGER_ACCOUNTS = [
  'cash',
  'holdings',
  'realized',
  'opening',
  'funding',
  'dividends',
  'interest',
  'fees',
  'adjustments',
] as const;
export const ledgerAccount = z.enum(LEDGER_ACCOUNTS).meta({ id: 'LedgerAccount' });
export type LedgerAccount = z.infer<typeof ledgerAccount>;

/** An amount above zero, in micro-dollars, that `debit` gets and `credit` gives. */
export type Transfer = {
  debit: LedgerAccount;
  credit: LedgerAccount;
  /** The position it is about; null for money alone. */
  symbol: string | null;
  micros: bigint;
};

const MICROS_IN_A_DOLLAR = 1_000_000;

/** Decimal dollars as whole micro-dollars, half a micro-dollar away from zero. */
export function toMicros(dollars: string): bigint {
  return BigInt(exact(dollars).times(MICROS_IN_A_DOLLAR).toFixed(0, 4));
}

export function toDollars(micros: bigint): string {
  return plain(exact(String(micros)).div(MICROS_IN_A_DOLLAR));
}

/** Moves a signed amount from `credit` to `debit`: nothing when it is zero, the other way when it is negative. */
export function transferOf(
  debit: LedgerAccount,
  credit: LedgerAccount,
  micros: bigint,
  symbol: string | null,
): Transfer[] {
  if (micros === 0n) return [];
  return micros > 0n
    ? [{ debit, credit, symbol, micros }]
    : [{ debit: credit, credit: debit, symbol, micros: -micros }];
}

/** What transfers leave in an account: debits less credits, micro-dollars. */
export function balanceOf(transfers: Iterable<Transfer>, account: LedgerAccount): bigint {
  let balance = 0n;
  for (const { debit, credit, micros } of transfers) {
    if (debit === account) balance += micros;
    if (credit === account) balance -= micros;
  }
  return balance;
}
