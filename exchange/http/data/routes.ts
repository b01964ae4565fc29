import type { AccountCall, Call, Reply } from '../call';
import type { Route } from '../router';
import { getAuctions } from './auctions';
import {
  cryptoSnapshots,
  getCryptoBars,
  getCryptoQuotes,
  getCryptoTrades,
  latestCryptoBars,
  latestCryptoBooks,
  latestCryptoQuotes,
  latestCryptoTrades,
} from './crypto/crypto';
import { getBars, getQuotes, getTrades } from './history';
import { getSnapshots, latestBars, latestQuotes, latestTrades } from './latest';
import { getOptionBars, getOptionTrades } from './options/history';
import { latestOptionQuotes, latestOptionTrades, optionChain, optionSnapshots } from './options/latest';
import { getNews } from './news';
import { getMostActives, getMovers } from './screener';
import { getAnnouncement, getCorporateActions, listAnnouncements } from './company/corporate-actions';
import { getOptionContract, listOptionContracts } from './options/contracts';
import { getOptionConditions, getOptionExchanges, getStockConditions, getStockExchanges } from './meta';

const data = (path: string, run: (call: AccountCall) => Reply | Promise<Reply>): Route => ({
  kind: 'data',
  method: 'GET',
  path,
  run,
});

/** Crypto prices are shown to anyone (Alpaca docs: historical crypto data). */
const open = (path: string, run: (call: Call) => Reply | Promise<Reply>): Route => ({
  kind: 'public',
  method: 'GET',
  path: `/v1beta3/crypto/:loc${path}`,
  run,
});

/** What the data half answers under Alpaca's trading host. */
export const REFERENCE_ROUTES: readonly Route[] = [
  { kind: 'trading', method: 'GET', path: '/v2/options/contracts', run: listOptionContracts },
  { kind: 'trading', method: 'GET', path: '/v2/options/contracts/:symbol', run: getOptionContract },
  { kind: 'trading', method: 'GET', path: '/v2/corporate_actions/announcements', run: listAnnouncements },
  { kind: 'trading', method: 'GET', path: '/v2/corporate_actions/announcements/:id', run: getAnnouncement },
];

/** Everything under Alpaca's market data host. */
export const DATA_ROUTES: readonly Route[] = [
  data('/v2/stocks/meta/exchanges', getStockExchanges),
  data('/v2/stocks/meta/conditions/:ticktype', getStockConditions),
  data('/v2/stocks/bars', getBars),
  data('/v2/stocks/trades', getTrades),
  data('/v2/stocks/quotes', getQuotes),
  data('/v2/stocks/auctions', getAuctions),
  data('/v2/stocks/bars/latest', latestBars),
  data('/v2/stocks/trades/latest', latestTrades),
  data('/v2/stocks/quotes/latest', latestQuotes),
  data('/v2/stocks/snapshots', getSnapshots),
  data('/v2/stocks/:symbol/bars', getBars),
  data('/v2/stocks/:symbol/trades', getTrades),
  data('/v2/stocks/:symbol/quotes', getQuotes),
  data('/v2/stocks/:symbol/auctions', getAuctions),
  data('/v2/stocks/:symbol/bars/latest', latestBars),
  data('/v2/stocks/:symbol/trades/latest', latestTrades),
  data('/v2/stocks/:symbol/quotes/latest', latestQuotes),
  data('/v2/stocks/:symbol/snapshot', getSnapshots),
  data('/v1beta1/options/meta/exchanges', getOptionExchanges),
  data('/v1beta1/options/meta/conditions/:ticktype', getOptionConditions),
  data('/v1beta1/options/bars', getOptionBars),
  data('/v1beta1/options/trades', getOptionTrades),
  data('/v1beta1/options/quotes/latest', latestOptionQuotes),
  data('/v1beta1/options/trades/latest', latestOptionTrades),
  data('/v1beta1/options/snapshots', optionSnapshots),
  data('/v1beta1/options/snapshots/:underlying', optionChain),
  data('/v1beta1/news', getNews),
  data('/v1beta1/screener/stocks/most-actives', getMostActives),
  data('/v1beta1/screener/:type/movers', getMovers),
  data('/v1/corporate-actions', getCorporateActions),
  open('/bars', getCryptoBars),
  open('/trades', getCryptoTrades),
  open('/quotes', getCryptoQuotes),
  open('/latest/bars', latestCryptoBars),
  open('/latest/trades', latestCryptoTrades),
  open('/latest/quotes', latestCryptoQuotes),
  open('/latest/orderbooks', latestCryptoBooks),
  open('/snapshots', cryptoSnapshots),
];
