import { z } from 'zod';
import { symbolSchema } from './symbols';

/** Alpaca's free plan streams 30 symbols, so a list that always streams holds no more. */
export const WATCHLIST_MAX = 30;

export const watchlistSchema = z
  .object({ id: z.string(), name: z.string(), symbols: z.array(symbolSchema) })
  .meta({ id: 'Watchlist' });
export type Watchlist = z.infer<typeof watchlistSchema>;

/** What a new user starts with. */
export const FIRST_WATCHLIST = ['AAPL', 'MSFT', 'NVDA', 'AMZN', 'GOOGL', 'META', 'TSLA', 'SPY', 'QQQ'];
