import type { Timeframe } from '@/domain/market/bar';
import type { Candle } from '../charts/candle';
import type { QuoteStore } from '../trpc/stream/quote-store';
import { tradeOf, withTrade } from './candles';

/** The newest bar of a symbol as trades grow it, from the server's word on. */
export function liveCandle(quotes: QuoteStore, symbol: string, timeframe: Timeframe, newest: Candle) {
  let current = newest;
  let tradedAt: string | null = null;

  function take(isCounted: boolean): void {
    const quote = quotes.get(symbol);
    // Bid and ask tick without a trade: then the bar stays as it is.
    if (quote === null || quote.tradedAt === tradedAt) return;
    tradedAt = quote.tradedAt;
    const trade = tradeOf(quote);
    if (trade !== null) current = withTrade(current, isCounted ? { ...trade, size: 0 } : trade, timeframe);
  }
  // The server's bar already counts the trade that is known when it arrives: only its price is new.
  take(true);
  return {
    get: () => current,
    subscribe: (wake: () => void) =>
      quotes.subscribe(symbol, () => {
        const before = current;
        take(false);
        if (current !== before) wake();
      }),
  };
}
