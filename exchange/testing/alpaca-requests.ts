import type { Operation } from './schema-check';

/** Fridays' options expire today: then an exercise may be declined. */
export const NOW = '2026-11-20T15:00:00Z';
export const CALL = 'AAPL261120C00200000';

/** What a good request is about. */
export interface Things {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly watchlistId: string;
  readonly watchlistName: string;
  readonly announcementId: string;
  /** Makes names that were not used yet. */
  readonly number: number;
}

export interface Asked {
  readonly path: string;
  readonly query: Record<string, string>;
  readonly body: unknown;
}

const symbolsOf = ({ path }: Operation): string => {
  if (path.includes('/crypto/')) return 'BTC/USD,ETH/USD';
  if (path.includes('/options/')) return `${CALL},AAPL261218P00200000`;
  return 'AAPL,SPY';
};

const QUERY: Readonly<Record<string, string>> = {
  timeframe: '1Hour',
  tape: 'A',
  ca_types: 'dividend,split',
  since: '2026-09-01',
  until: '2026-11-20',
};

/** Values of a path's parts. */
function partOf({ id }: Operation, name: string, things: Things): string {
  const parts: Readonly<Record<string, string>> = {
    order_id: things.orderId,
    watchlist_id: things.watchlistId,
    id: things.announcementId,
    activity_type: 'FILL',
    symbol_or_asset_id: id.includes('sition') ? 'KO' : 'AAPL',
    symbol_or_contract_id: CALL,
    symbol_or_id: CALL,
    symbol: 'AAPL',
    underlying_symbol: 'AAPL',
    market: 'NYSE',
    market_type: 'stocks',
    ticktype: 'trade',
    loc: 'us',
  };
  return parts[name] ?? '';
}

const BODIES: Readonly<Record<string, (things: Things) => unknown>> = {
  postOrder: ({ number }) => ({
    symbol: 'AAPL',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '90',
    time_in_force: 'gtc',
    client_order_id: `good-${number}`,
  }),
  patchOrderByOrderId: ({ number }) => ({ limit_price: String(70 + (number % 20)) }),
  patchAccountConfig: () => ({ trade_confirm_email: 'all' }),
  postWatchlist: ({ number }) => ({ name: `new-${number}`, symbols: ['AAPL', 'KO'] }),
  updateWatchlistById: ({ number }) => ({ name: `put-${number}`, symbols: ['SPY'] }),
  updateWatchlistByName: ({ number }) => ({ name: `put-${number}`, symbols: ['SPY'] }),
  addAssetToWatchlist: () => ({ symbol: 'IBM' }),
  addAssetToWatchlistByName: () => ({ symbol: 'IBM' }),
};

/** A request that must be answered with 2xx. */
export function goodRequest(operation: Operation, things: Things): Asked {
  const query: Record<string, string> = {};
  for (const { name, required } of operation.query) {
    if (!required) continue;
    const own = { symbols: symbolsOf(operation), name: things.watchlistName };
    const named: Readonly<Record<string, string>> = {
      ...own,
      client_order_id: things.clientOrderId,
      ...QUERY,
    };
    query[name] = named[name] ?? '';
  }
  // News has no content unless it is asked for, which Alpaca's schema does not know.
  if (operation.id === 'News') query['include_content'] = 'true';
  // The stream of activities would go on for ever.
  if (operation.id === 'subscribeToActivitiesSSE')
    Object.assign(query, { since: '2026-11-19', until: '2026-11-20' });
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(partOf(operation, name, things)),
  );
  return { path, query, body: BODIES[operation.id]?.(things) };
}
