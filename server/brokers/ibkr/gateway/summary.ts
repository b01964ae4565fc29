import { EventName } from '@stoqey/ib';
import type { Asking } from './requests';

export const SUMMARY_TAGS = [
  'AccountType',
  'NetLiquidation',
  'TotalCashValue',
  'BuyingPower',
  'GrossPositionValue',
  'PreviousDayEquityWithLoanValue',
] as const;

/** An account's figures by tag. */
export type Summary = ReadonlyMap<string, { value: string; currency: string }>;

/** Asks for the figures of all accounts of the gateway, by account and tag. */
export function askSummary({ api, reqId, done, after }: Asking<Map<string, Summary>>): void {
  const accounts = new Map<string, Map<string, { value: string; currency: string }>>();
  const take = (id: number, account: string, tag: string, value: string, currency: string) => {
    if (id !== reqId) return;
    const known = accounts.get(account) ?? new Map<string, { value: string; currency: string }>();
    accounts.set(account, known.set(tag, { value, currency }));
  };
  const end = (id: number) => {
    if (id === reqId) done(accounts);
  };
  api.on(EventName.accountSummary, take);
  api.on(EventName.accountSummaryEnd, end);
  after(() => {
    api.off(EventName.accountSummary, take);
    api.off(EventName.accountSummaryEnd, end);
    api.cancelAccountSummary(reqId);
  });
  api.reqAccountSummary(reqId, 'All', SUMMARY_TAGS.join(','));
}
