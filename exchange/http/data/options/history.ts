import { DAY_MS } from '../../../clock/new-york';
import { optionMarketOf } from '../../../derivatives/option-market';
import type { AccountCall, Reply } from '../../call';
import { answerHistory, timeframeOf } from '../history';
import { pageOf } from '../request';
import { barJson } from '../wire';
import { contractsOf, optionTradeJson } from './wire';

/** GET /v1beta1/options/bars. */
export function getOptionBars(call: AccountCall): Promise<Reply> {
  const contracts = contractsOf(call);
  const frame = timeframeOf(call);
  const now = call.venue.clock.now();
  const request = pageOf(call, [...contracts.keys()], now);
  const market = optionMarketOf(call.venue.market);
  const wide = frame.unit === 'week' || frame.unit === 'month';
  return answerHistory(call, request, {
    name: 'bars',
    unit: frame.unit === 'minute' ? 'M' : 'D',
    *list(symbol, span) {
      const contract = contracts.get(symbol);
      if (contract !== undefined) yield* market.frameBars(contract, frame, span, now);
    },
    *prepare(symbol, span) {
      const contract = contracts.get(symbol);
      if (contract !== undefined && frame.unit !== 'minute') yield* market.dailyWork(contract, span, now);
    },
    timeOf: (bar) => bar.start,
    toJson: barJson,
    stride: (frame.unit === 'minute' ? 1 : wide ? 100 : 20) * DAY_MS,
  });
}

/** GET /v1beta1/options/trades. */
export function getOptionTrades(call: AccountCall): Promise<Reply> {
  const contracts = contractsOf(call);
  const request = pageOf(call, [...contracts.keys()], call.venue.clock.now());
  const market = optionMarketOf(call.venue.market);
  return answerHistory(call, request, {
    name: 'trades',
    unit: 'T',
    *list(symbol, span) {
      const contract = contracts.get(symbol);
      if (contract !== undefined) yield* market.trades(contract, span);
    },
    timeOf: (trade) => trade.at,
    toJson: optionTradeJson,
    stride: DAY_MS / 4,
  });
}
