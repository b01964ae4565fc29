import { type HoldingRules, NO_HOLDING_RULES } from '../corporate-actions/holding-rules';
import { HonestFills, type HonestSettings } from '../book/honest-fills';
import { type Journal, memoryJournal } from '../journal/journal';
import type { JournalRecord } from '../journal/records';
import type { Account } from '../ledger/account';
import { Market } from '../market/market';
import type { ReplayTape } from '../market/replay-tape';
import { pulse } from '../matching/pulse';
import type { Order } from '../orders/order';
import { readOrderRequest } from '../orders/order-request';
import { openAccount } from '../venue/accounts';
import { Books } from '../venue/books';
import { submitOrder } from '../venue/submit-order';
import { Venue } from '../venue/venue';

export const START = Date.parse('2026-11-20T15:00:00Z');

/** A venue whose time only a test moves, with one account. */
export interface World {
  venue: Venue;
  account: Account;
  /** Lets time pass and the engine beat once. */
  wait(ms: number): void;
  /** Beats the engine some times, a second apart. */
  settle(beats?: number): void;
  /** Moves a symbol's prices, and lets them be seen. */
  move(symbol: string, factor: number): void;
}

export function makeWorld(
  options: {
    seed?: number;
    alwaysOpen?: boolean;
    startAt?: number;
    partialFillRate?: number;
    honest?: HonestSettings;
    holding?: HoldingRules;
    /** What happened before. */
    records?: readonly JournalRecord[];
    journal?: Journal;
    /** Plays for its symbols instead of the model. */
    tapes?: ReadonlyMap<string, ReplayTape>;
  } = {},
): World {
  const { seed = 5, alwaysOpen = true, startAt = START, partialFillRate = 0.3 } = options;
  let now = startAt;
  const market = new Market(seed, alwaysOpen);
  for (const [symbol, tape] of options.tapes ?? []) market.replay(symbol, tape);
  const books = new Books(market);
  for (const record of options.records ?? []) books.apply(record);
  const venue = new Venue({
    books,
    market,
    clock: { alwaysOpen, now: () => now, advance: (ms) => void (now += ms) },
    journal: options.journal ?? memoryJournal(),
    settings: { seed, partialFillRate, holding: options.holding ?? NO_HOLDING_RULES },
    onFailure: (error) => {
      throw error;
    },
  });
  const account =
    books.byKeyId.get('PK') ??
    openAccount(venue, { keyId: 'PK', secret: 's', cash: 100_000_000_000n }).account;
  const fills = options.honest === undefined ? null : new HonestFills(venue, options.honest);
  const wait = (ms: number): void => {
    now += ms;
    pulse(venue, fills);
  };
  const settle = (beats = 4): void => {
    for (let beat = 0; beat < beats; beat += 1) wait(1_000);
  };
  return {
    venue,
    account,
    wait,
    settle,
    move(symbol, factor) {
      venue.commit({ type: 'price_shifted', symbol, factor });
      settle(20);
    },
  };
}

const base = { symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' };
export const place = (world: World, more: Record<string, unknown>): Order =>
  submitOrder(world.venue, world.account, readOrderRequest({ ...base, ...more }));

/** Dollars as a client would write them: the last price plus an offset. */
export const near = (world: World, offset: number, symbol = 'AAPL'): string =>
  (Number(world.venue.touch(symbol).last / 10_000n) / 100 + offset).toFixed(2);

/** What the account's listeners were told, as "event symbol-or-name status". */
export function recordEvents(world: World): string[] {
  const events: string[] = [];
  world.venue.listen(({ update }) => events.push(String(update['event'])));
  return events;
}
