import type { MarketDataClient, QuoteChange } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Gateway } from '../gateway/gateway';
import { readBars } from './bars';
import type { LineQuote, Lines } from './lines';

/** IB gives a login a hundred lines of market data; some are kept for what is asked for once. */
const STREAMED = 80;

type Options = { gateway: Gateway; lines: Lines; clock: Clock };

/** Prices of IB. What it did not tell is null, and what it tells late says so by its age. */
export function ibkrMarketData({ gateway, lines, clock }: Options): MarketDataClient {
  /** What IB refuses for one symbol, such as one that the login has no data for, keeps no other from its price. */
  async function firstOf(symbols: readonly string[]): Promise<(LineQuote | null)[]> {
    const asked = await Promise.allSettled(symbols.map((symbol) => lines.first(symbol)));
    const failed = asked.filter((one) => one.status === 'rejected');
    if (failed.length > 0 && failed.length === symbols.length) throw failed[0]?.reason;
    return asked.map((one) => (one.status === 'fulfilled' ? one.value : null));
  }

  return {
    source: 'ibkr',
    streamedSymbols: STREAMED,

    async latest(symbols) {
      const found = await firstOf(symbols);
      return new Map(found.flatMap((quote) => (quote === null ? [] : [[quote.symbol, quote] as const])));
    },

    async optionQuotes(symbols) {
      const found = await firstOf(symbols);
      return new Map(
        found.flatMap((quote) => {
          if (quote === null || (quote.bid === null && quote.ask === null)) return [];
          const { bid, ask, quotedAt } = quote;
          return [[quote.symbol, { bid, ask, quotedAt }] as const];
        }),
      );
    },

    bars: (request) => readBars(gateway, request, clock.now()),

    stream(listener) {
      const held = new Map<string, () => void>();
      const deaf = lines.onChange(({ symbol }: LineQuote, { previousClose: _close, ...changed }) => {
        if (!held.has(symbol)) return;
        const change: QuoteChange = { ...changed, symbol };
        listener.onChange(change);
      });
      const forget = gateway.watch({
        onNews: () => undefined,
        onUp: () => listener.onLink(true),
        onDown: () => listener.onLink(false),
      });
      function watch(symbols: readonly string[]): void {
        const wanted = new Set(symbols);
        for (const symbol of wanted) if (!held.has(symbol)) held.set(symbol, lines.hold(symbol));
        for (const [symbol, release] of held) {
          if (wanted.has(symbol)) continue;
          release();
          held.delete(symbol);
        }
      }
      return {
        watch,
        close() {
          watch([]);
          deaf();
          forget();
        },
      };
    },
  };
}
