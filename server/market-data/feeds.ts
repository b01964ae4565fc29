import type { MarketClock } from '@/domain/market/session';
import type { Quote } from '@/domain/market/quote';
import type { BrokerSession } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import { type AssetBook, createAssetBook } from './asset-book';
import { createQuoteHub, type QuoteHub } from './quote-hub';

const CLOCK_FRESH_MS = 5_000;

/** Prices, listings and hours under one credential set. */
export type Feed = {
  hub: QuoteHub;
  assets: AssetBook;
  bars: BrokerSession['marketData']['bars'];
  clock(): Promise<MarketClock>;
  close(): void;
};

export type Feeds = {
  /** The feed under a key; opened at first use. Accounts that share credentials share the feed. */
  open(key: string, session: () => BrokerSession): Feed;
  close(): void;
};

type Options = { clock: Clock; frameOf: (quote: Quote) => Buffer };

function createFeed({ marketData, instruments }: BrokerSession, { clock, frameOf }: Options): Feed {
  const hub = createQuoteHub({ client: marketData, clock, frameOf });
  let hours: { at: number; answer: Promise<MarketClock> } | null = null;
  return {
    hub,
    assets: createAssetBook(() => instruments.assets(), clock),
    bars: (request) => marketData.bars(request),
    clock() {
      const now = clock.now();
      if (hours === null || now - hours.at > CLOCK_FRESH_MS) {
        hours = { at: now, answer: instruments.clock() };
        hours.answer.catch(() => {
          hours = null;
        });
      }
      return hours.answer;
    },
    close: () => hub.close(),
  };
}

export function createFeeds(options: Options): Feeds {
  const feeds = new Map<string, Feed>();
  return {
    open(key, session) {
      const known = feeds.get(key);
      if (known !== undefined) return known;
      const feed = createFeed(session(), options);
      feeds.set(key, feed);
      return feed;
    },
    close() {
      for (const feed of feeds.values()) feed.close();
    },
  };
}
