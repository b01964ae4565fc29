import type { Route } from './router';
import { DATA_ROUTES, REFERENCE_ROUTES } from './data/routes';
import { getAccount, getConfigurations, patchConfigurations } from './trading/account';
import { streamActivities } from './trading/activity-events';
import { listActivities } from './trading/activities';
import { getAsset, listAssets } from './trading/assets';
import { getCalendar, getClock, getMarketCalendar, getMarketClocks } from './trading/calendar';
import {
  deleteOrder,
  deleteOrders,
  getOrder,
  getOrderByClientId,
  listOrders,
  patchOrder,
  postOrder,
} from './trading/orders';
import { getPortfolioHistory } from './trading/portfolio-history';
import {
  closePosition,
  closePositions,
  declineExercise,
  exercisePosition,
  getPosition,
  listPositions,
} from './trading/positions';

import {
  addToWatchlist,
  createWatchlist,
  deleteWatchlist,
  getWatchlist,
  listWatchlists,
  putWatchlist,
  removeFromWatchlist,
} from './trading/watchlists';

/** The one table of what the exchange answers for accounts. Anything else is 404. */
export const ROUTES: readonly Route[] = [
  { kind: 'trading', method: 'GET', path: '/v2/account', run: getAccount },
  { kind: 'trading', method: 'GET', path: '/v2/account/configurations', run: getConfigurations },
  { kind: 'trading', method: 'PATCH', path: '/v2/account/configurations', run: patchConfigurations },
  { kind: 'trading', method: 'GET', path: '/v2/account/activities', run: listActivities },
  { kind: 'trading', method: 'GET', path: '/v2/account/activities/:type', run: listActivities },
  { kind: 'trading', method: 'GET', path: '/v2beta1/events/activities', run: streamActivities },
  { kind: 'trading', method: 'GET', path: '/v2/account/portfolio/history', run: getPortfolioHistory },
  { kind: 'trading', method: 'GET', path: '/v2/assets', run: listAssets },
  { kind: 'trading', method: 'GET', path: '/v2/assets/:symbol', run: getAsset },
  { kind: 'trading', method: 'GET', path: '/v2/calendar', run: getCalendar },
  { kind: 'trading', method: 'GET', path: '/v3/calendar/:market', run: getMarketCalendar },
  { kind: 'trading', method: 'GET', path: '/v2/clock', run: getClock },
  { kind: 'trading', method: 'GET', path: '/v3/clock', run: getMarketClocks },
  { kind: 'trading', method: 'POST', path: '/v2/orders', run: postOrder },
  { kind: 'trading', method: 'GET', path: '/v2/orders', run: listOrders },
  { kind: 'trading', method: 'DELETE', path: '/v2/orders', run: deleteOrders },
  { kind: 'trading', method: 'GET', path: '/v2/orders:by_client_order_id', run: getOrderByClientId },
  { kind: 'trading', method: 'GET', path: '/v2/orders/:id', run: getOrder },
  { kind: 'trading', method: 'PATCH', path: '/v2/orders/:id', run: patchOrder },
  { kind: 'trading', method: 'DELETE', path: '/v2/orders/:id', run: deleteOrder },
  { kind: 'trading', method: 'GET', path: '/v2/positions', run: listPositions },
  { kind: 'trading', method: 'DELETE', path: '/v2/positions', run: closePositions },
  { kind: 'trading', method: 'GET', path: '/v2/positions/:symbol', run: getPosition },
  { kind: 'trading', method: 'DELETE', path: '/v2/positions/:symbol', run: closePosition },
  { kind: 'trading', method: 'POST', path: '/v2/positions/:symbol/exercise', run: exercisePosition },
  { kind: 'trading', method: 'POST', path: '/v2/positions/:symbol/do-not-exercise', run: declineExercise },
  { kind: 'trading', method: 'GET', path: '/v2/watchlists', run: listWatchlists },
  { kind: 'trading', method: 'POST', path: '/v2/watchlists', run: createWatchlist },
  { kind: 'trading', method: 'GET', path: '/v2/watchlists:by_name', run: getWatchlist },
  { kind: 'trading', method: 'PUT', path: '/v2/watchlists:by_name', run: putWatchlist },
  { kind: 'trading', method: 'POST', path: '/v2/watchlists:by_name', run: addToWatchlist },
  { kind: 'trading', method: 'DELETE', path: '/v2/watchlists:by_name', run: deleteWatchlist },
  { kind: 'trading', method: 'GET', path: '/v2/watchlists/:id', run: getWatchlist },
  { kind: 'trading', method: 'PUT', path: '/v2/watchlists/:id', run: putWatchlist },
  { kind: 'trading', method: 'POST', path: '/v2/watchlists/:id', run: addToWatchlist },
  { kind: 'trading', method: 'DELETE', path: '/v2/watchlists/:id', run: deleteWatchlist },
  { kind: 'trading', method: 'DELETE', path: '/v2/watchlists/:id/:symbol', run: removeFromWatchlist },
  ...DATA_ROUTES,
  ...REFERENCE_ROUTES,
];
