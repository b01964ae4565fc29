import type { MarketClock } from '@/domain/market/session';
import type { Quote } from '@/domain/market/quote';
import type { BrokerSession } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import { patiently } from '@/server/platform/patience';
import { type AssetBook, createAssetBook, createAssetLookUp } from './asset-book';
import { type ContractBook, createContractBook } from './contract-book';
import { createQuoteHub, type QuoteHub } from './quote-hub';

const CLOCK_FRESH_MS = 5_000;
/** The session changes rarely; an answer this old still tells whether the market is open. */
const SESSION_FRESH_MS = 30_000;
const SESSION_WAIT_MS = 300;

/** Prices, listings and hours under one credential set. */
export type Feed = {
  hub: QuoteHub;
  assets: AssetBook;
  contracts: ContractBook;
  bars: BrokerSession['marketData']['bars'];
  optionQuotes: BrokerSession['marketData']['optionQuotes'];
  clock(): Promise<MarketClock>;
  /** Whether the market is open, without waiting for a venue that does not answer: then as it last was. */
  isOpen(): Promise<boolean>;
  close(): void;
};

export type Feeds = {
  /** The feed under a key; opened at first use. Accounts that share credentials share the feed. */
  open(key: string, session: () => BrokerSession): Feed;
  /** Closes the feed of an account that is gone. */
  drop(key: string): void;
  close(): void;
};

type Options = { clock: Clock; frameOf: (quote: Quote) => Buffer };

function createFeed({ marketData, instruments }: BrokerSession, { clock: time, frameOf }: Options): Feed {
  const hub = createQuoteHub({ client: marketData, clock: time, frameOf });
  const now = () => time.now();
  let hours: { at: number; answer: Promise<MarketClock> } | null = null;
  let session: { at: number; isOpen: boolean } | null = null;

  function clock(): Promise<MarketClock> {
    if (hours === null || now() - hours.at > CLOCK_FRESH_MS) {
      const asked = { at: now(), answer: instruments.clock() };
      hours = asked;
      asked.answer.then(
        ({ isOpen }) => {
          session = { at: now(), isOpen };
        },
        () => {
          if (hours === asked) hours = null;
        },
      );
    }
    return hours.answer;
  }

  return {
    hub,
    assets: instruments.listing.whole
      ? createAssetBook(instruments.listing.assets, time)
      : createAssetLookUp(instruments.listing, time),
    contracts: createContractBook((symbol) => instruments.contract(symbol), time),
    bars: (request) => marketData.bars(request),
    optionQuotes: (symbols) => marketData.optionQuotes(symbols),
    clock,
    async isOpen() {
      if (session !== null && now() - session.at < SESSION_FRESH_MS) return session.isOpen;
      const answer = await patiently(clock(), SESSION_WAIT_MS, null);
      // Where nothing is known the market counts as open: the guards that ask are then on.
      return answer?.isOpen ?? session?.isOpen ?? true;
    },
    close: () => hub.close(),
  };
}

export function createFeeds(options: Options): Feeds {
  const feeds = new Map<string, Feed>();
  return {
    drop(key) {
      feeds.get(key)?.close();
      feeds.delete(key);
    },
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
