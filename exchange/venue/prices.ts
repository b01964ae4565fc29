import { findAsset } from '../assets/asset';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import type { Market } from '../market/market';
import type { Touch } from '../matching/paper-rule';

/** Best prices of anything tradable at an instant. An option's last price is the middle of its quote. */
export function readTouch(market: Market, symbol: string, at: number): Touch {
  const contract = contractNamed(market, symbol);
  if (contract !== undefined) return optionTouch(market, contract, at);
  const quote = market.quoteAt(symbol, at);
  const trade = market.tradeAt(symbol, at);
  if (quote === undefined || trade === undefined) throw new Error(`no market in ${symbol}`);
  return { bid: BigInt(quote.bid), ask: BigInt(quote.ask), last: BigInt(trade.price) };
}

/** The price a holding is valued at. */
export function priceOf(market: Market, symbol: string, at: number): bigint | null {
  const contract = contractNamed(market, symbol);
  if (contract !== undefined) return optionTouch(market, contract, at).last;
  const trade = market.tradeAt(symbol, at);
  return trade === undefined ? null : BigInt(trade.price);
}

/** The contract of an option's symbol, whether it is listed still or not. */
export function contractNamed(market: Market, symbol: string): OptionContract | undefined {
  const option = findAsset(symbol)?.option ?? null;
  return option === null ? undefined : optionMarketOf(market).contracts.named(option);
}

function optionTouch(market: Market, contract: OptionContract, at: number): Touch {
  const quote = optionMarketOf(market).quoteAt(contract, at);
  if (quote === undefined) {
    const value = intrinsicOf(market, contract, Math.min(at, contract.expiresAt));
    return { bid: value, ask: value, last: value };
  }
  const [bid, ask] = [BigInt(quote.bid), BigInt(quote.ask)];
  return { bid, ask, last: (bid + ask) / 2n };
}

/** What exercise would bring a share at the underlying's last price before an instant, micro-dollars. */
export function intrinsicOf(market: Market, contract: OptionContract, at: number): bigint {
  const spot = market.tradeAt(contract.root, at - 1)?.price ?? 0;
  const strike = Math.round(contract.strike * 1_000_000);
  return BigInt(Math.max(0, contract.type === 'call' ? spot - strike : strike - spot));
}
