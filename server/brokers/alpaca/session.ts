import { trading } from '@alpacahq/alpaca-trade-api';
import type { QuoteSource } from '@/domain/market/quote';
import type { BrokerSession, InstrumentProvider } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import { type AlpacaAccess, ForeignHostError } from './endpoints';
import { alpacaExecution } from './execution';
import { reading, unlessMissing } from './failures';
import { createKeyGate, type KeyGate } from './keys/key-gate';
import { alpacaMarketData } from './market-data';
import { parseAsset, parseContract } from './parse';
import { scopedFetch } from './scoped-fetch';

type Options = AlpacaAccess & { source: QuoteSource; clock: Clock; log: Logger };

function alpacaInstruments({
  endpoints,
  credentials,
  keys,
}: Options & { keys: KeyGate }): InstrumentProvider {
  const configuration = new trading.Configuration({
    basePath: endpoints.trading,
    keyId: credentials.keyId,
    secret: credentials.secretKey,
    fetchApi: keys.guard(scopedFetch(endpoints)),
    timeoutMs: 15_000,
    retry: { maxRetries: 1 },
  });
  const assets = new trading.AssetsApi(configuration);
  const clock = new trading.ClockApi(configuration);
  return {
    listing: {
      whole: true,
      assets: async () =>
        (await reading(assets.getV2Assets({ status: 'active', assetClass: 'us_equity' }))).map(parseAsset),
    },
    contract: async (symbol) => {
      const found = await unlessMissing(assets.getOptionContractSymbolOrId({ symbolOrId: symbol }));
      return found === null ? null : parseContract(found);
    },
    clock: async () => {
      const answer = await reading(clock.legacyClock());
      return {
        now: answer.timestamp.toISOString(),
        isOpen: answer.isOpen,
        nextOpen: answer.nextOpen.toISOString(),
        nextClose: answer.nextClose.toISOString(),
      };
    },
  };
}

/** Everything one Alpaca key pair opens, or a key pair of the exchange in the box. Throws `ForeignHostError`. */
export function alpacaSession(options: Options): BrokerSession {
  // The types say so; a cast or a value from elsewhere must not get past them.
  if (options.endpoints.scope !== options.credentials.scope)
    throw new ForeignHostError(
      `${options.credentials.scope} keys do not open ${options.endpoints.scope} endpoints`,
    );
  const keys = createKeyGate(options, scopedFetch(options.endpoints));
  return {
    keys,
    execution: alpacaExecution({ ...options, keys }),
    marketData: alpacaMarketData({ ...options, keys }),
    instruments: alpacaInstruments({ ...options, keys }),
  };
}
