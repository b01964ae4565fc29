import { newYorkDay } from '../clock/new-york';
import { optionMarketOf } from '../derivatives/option-market';
import { optionsOf, settleOption } from '../matching/expiries';
import { intrinsicOf } from '../venue/prices';
import type { Venue } from '../venue/venue';
import type { DayEvent } from './open-days';

/**
 * In the night before an ex-date holders exercise calls in the money whose time value is less than the
 * dividend they would miss: who sold such calls is assigned all of them.
 */
export function assignEarly(venue: Venue, dividends: readonly DayEvent[], effective: number): void {
  const { market } = venue;
  const options = optionMarketOf(market);
  for (const { symbol, priced } of dividends) {
    for (const { account, position, contract } of optionsOf(venue)) {
      if (contract.root !== symbol || contract.type !== 'call' || position.qty > 0n) continue;
      const last = options.activeAt(effective - 1);
      const quote = options.quoteAt(contract, last);
      const value = intrinsicOf(market, contract, last + 1);
      if (quote === undefined || value <= 0n) continue;
      const timeValue = (quote.bid + quote.ask) / 2 - Number(value);
      const missed = (priced.cash * options.contracts.sharesOf(contract, newYorkDay(last))) / 100;
      if (missed * 1_000_000 <= timeValue) continue;
      settleOption(venue, account, contract, {
        qty: position.qty,
        how: 'assignment',
        effective: effective - 1,
      });
    }
  }
}
