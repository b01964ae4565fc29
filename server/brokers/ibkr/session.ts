import type { BrokerSession, GatewayAccount, SessionKeys } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import { ibkrExecution } from './execution';
import { createGateway } from './gateway/gateway';
import { ibkrInstruments } from './market-data/instruments';
import { createLines } from './market-data/lines';
import { ibkrMarketData } from './market-data/market-data';
import type { GatewayAddress } from './wire/gateway-address';

/** A gateway asks for no keys: who reaches it may trade. */
const NO_KEYS: SessionKeys = {
  refused: false,
  listen: () => () => undefined,
  ask: () => Promise.resolve(null),
  askWhenDue: () => Promise.resolve(null),
};

/** One gateway of Interactive Brokers and the accounts behind it. */
export type IbkrVenue = {
  open(account: GatewayAccount): BrokerSession;
  close(): void;
};

type Options = { address: GatewayAddress | null; clock: Clock; log: Logger };

/** Nothing is connected before an account is used. */
export function ibkrVenue({ clock, ...options }: Options): IbkrVenue {
  const gateway = createGateway(options);
  const lines = createLines(gateway, clock);
  return {
    open: ({ accountNumber }) => ({
      keys: NO_KEYS,
      execution: ibkrExecution({ gateway, accountNumber, lines, clock }),
      marketData: ibkrMarketData({ gateway, lines, clock }),
      instruments: ibkrInstruments(gateway, clock),
    }),
    close: () => gateway.close(),
  };
}
