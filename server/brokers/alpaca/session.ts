import { trading } from '@alpacahq/alpaca-trade-api';
import type { QuoteSource } from '@/domain/market/quote';
import type { BrokerSession, InstrumentProvider } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import type { AlpacaCredentials, PaperEndpoints } from './endpoints';
import { alpacaExecution } from './execution';
import { reading, unlessMissing } from './failures';
import { alpacaMarketData } from './market-data';
import { parseAsset, parseContract } from './parse';

type Options = {
  endpoints: PaperEndpoints;
  credentials: AlpacaCredentials;
  source: QuoteSource;
  clock: Clock;
  log: Logger;
};

function alpacaInstruments({ endpoints, credentials }: Options): InstrumentProvider {
  const configuration = new trading.Configuration({
    basePath: endpoints.trading,
    keyId: credentials.keyId,
    secret: credentials.secretKey,
    timeoutMs: 15_000,
    retry: { maxRetries: 1 },
  });
  const assets = new trading.AssetsApi(configuration);
  const clock = new trading.ClockApi(configuration);
  return {
    assets: async () =>
      (await reading(assets.getV2Assets({ status: 'active', assetClass: 'us_equity' }))).map(parseAsset),
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

/** Everything one Alpaca key pair opens, or a key pair of the exchange in the box. */
export function alpacaSession(options: Options): BrokerSession {
  return {
    execution: alpacaExecution(options),
    marketData: alpacaMarketData(options),
    instruments: alpacaInstruments(options),
  };
}
