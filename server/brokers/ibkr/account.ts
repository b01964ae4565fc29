import { DeskError } from '@/domain/errors';
import { exact, plain } from '@/domain/money';
import type { ExecutionClient } from '@/server/brokers/ports';
import type { Summary, SUMMARY_TAGS } from './gateway/summary';

/** Errors: `broker_error` where cash or equity are not told, or not in dollars: the books count nothing else. */
export function parseAccount(
  accountNumber: string,
  told: Summary,
  asOf: string,
): Awaited<ReturnType<ExecutionClient['account']>> {
  const amount = (tag: (typeof SUMMARY_TAGS)[number]): string | null => {
    const found = told.get(tag);
    if (found === undefined || found.value === '' || !Number.isFinite(Number(found.value))) return null;
    if (found.currency !== '' && found.currency !== 'USD') {
      throw new DeskError(
        'broker_error',
        `${accountNumber} is kept in ${found.currency}; the desk keeps books in US dollars only.`,
      );
    }
    return plain(exact(found.value));
  };
  const needed = (tag: (typeof SUMMARY_TAGS)[number]): string => {
    const value = amount(tag);
    if (value === null) throw new DeskError('broker_error', `Interactive Brokers did not tell ${tag}.`);
    return value;
  };
  const equity = needed('NetLiquidation');
  const cash = needed('TotalCashValue');
  const buyingPower = needed('BuyingPower');
  const gross = amount('GrossPositionValue') ?? '0';
  // What is held long less what is owed short is what equity has beside cash.
  const net = exact(equity).minus(cash);
  return {
    accountNumber,
    status: 'ACTIVE',
    currency: 'USD',
    cash,
    equity,
    // A new account has no yesterday; then nothing has changed today.
    lastEquity: amount('PreviousDayEquityWithLoanValue') ?? equity,
    buyingPower,
    longMarketValue: plain(exact(gross).plus(net).div(2)),
    shortMarketValue: plain(net.minus(gross).div(2)),
    multiplier: told.get('AccountType')?.value.toUpperCase() === 'CASH' ? '1' : '2',
    tradingBlocked: false,
    asOf,
  };
}
