import {
  liveEndpoints,
  paperEndpoints,
  type PaperEndpoints,
  refuseSharedVenue,
} from '@/server/brokers/alpaca/endpoints';
import { alpacaSession } from '@/server/brokers/alpaca/session';
import { ibkrVenue } from '@/server/brokers/ibkr/session';
import { gatewayAddress } from '@/server/brokers/ibkr/wire/gateway-address';
import type { Env } from '@/server/env';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import type { Openers } from '@/server/services/accounts/broker-sessions';

function exchangeEndpoints(url: string): PaperEndpoints {
  const socket = url.replace(/^http/, 'ws');
  return paperEndpoints({
    trading: url,
    data: url,
    tradeStream: `${socket}/stream`,
    dataStream: `${socket}/v2/iex`,
  });
}

type Parts = { env: Env; clock: Clock; log: Logger };

export type SessionOpeners = { at(exchangeUrl: string): Openers; close(): void };

/**
 * How sessions are opened at the brokers that the environment names, and at the exchange in the box once it is known
 * where that is. Both steps throw `ForeignHostError` for a host that is not of its scope.
 */
export function sessionOpeners({ env, clock, log }: Parts): SessionOpeners {
  const parts = { clock, log };
  const users = paperEndpoints({
    trading: env.ALPACA_BASE_URL,
    data: env.ALPACA_DATA_URL,
    tradeStream: env.ALPACA_STREAM_URL,
    dataStream: env.ALPACA_DATA_STREAM_URL,
  });
  const live = liveEndpoints({
    trading: env.ALPACA_LIVE_BASE_URL,
    data: env.ALPACA_LIVE_DATA_URL,
    tradeStream: env.ALPACA_LIVE_STREAM_URL,
    dataStream: env.ALPACA_LIVE_DATA_STREAM_URL,
  });
  refuseSharedVenue(live, users);
  const address =
    env.IBKR_GATEWAY === undefined ? null : gatewayAddress(env.IBKR_GATEWAY, env.IBKR_CLIENT_ID);
  const ibkr = ibkrVenue({ ...parts, address });
  function at(exchangeUrl: string): Openers {
    const exchange = exchangeEndpoints(exchangeUrl);
    // It comes back on its own address, so what was looked at once holds.
    refuseSharedVenue(live, exchange);
    return {
      paper: (kind, credentials) =>
        kind === 'simulated'
          ? alpacaSession({ ...parts, endpoints: exchange, credentials, source: 'simulated' })
          : alpacaSession({ ...parts, endpoints: users, credentials, source: 'iex' }),
      gateway: (account) => ibkr.open(account),
      live: (credentials) => alpacaSession({ ...parts, endpoints: live, credentials, source: 'iex' }),
    };
  }
  return { at, close: () => ibkr.close() };
}
