import { findAsset } from '../assets/asset';
import { newYorkDay } from '../clock/new-york';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import type { Market } from '../market/market';
import type { Touch } from '../matching/paper-rule';

/**
 * Best prices of anything tradable at an instant. An option's last price is the middle of its quote.
 * A price from before a split counts in the shares of now, until the first after it.
 */
export function readTouch(market: Market, symbol: string, at: number): Touch {
  const contract = contractNamed(market, symbol);
  if (contract !== undefined) return optionTouch(market, contract, at, at);
  const quote = market.quoteAt(symbol, at);
  const trade = market.tradeAt(symbol, at);
  if (quote === undefined || trade === undefined) throw new Error(`no market in ${symbol}`);
  const factor = market.splitFactor(symbol, quote.at, at);
  const last = scaled(trade.price, market.splitFactor(symbol, trade.at, at));
  return { bid: scaled(quote.bid, factor), ask: scaled(quote.ask, factor), last };
}

/** The price a holding is valued at, for a holding as it is at a later instant (`asOf`). */
export function priceOf(market: Market, symbol: string, at: number, asOf = at): bigint | null {
  const contract = contractNamed(market, symbol);
  if (contract !== undefined) return optionTouch(market, contract, at, asOf).last;
  const trade = market.tradeAt(symbol, at);
  return trade === undefined ? null : scaled(trade.price, market.splitFactor(symbol, trade.at, asOf));
}

const scaled = (price: number, factor: number): bigint =>
  BigInt(factor === 1 ? price : Math.max(1, Math.round(price * factor)));

/** The contract of an option's symbol, whether it is listed still or not. */
export function contractNamed(market: Market, symbol: string): OptionContract | undefined {
  const option = findAsset(symbol)?.option ?? null;
  return option === null ? undefined : optionMarketOf(market).contracts.named(option);
}

function optionTouch(market: Market, contract: OptionContract, at: number, asOf: number): Touch {
  const quote = optionMarketOf(market).quoteAt(contract, at, asOf);
  if (quote === undefined) {
    const value = intrinsicOf(market, contract, Math.min(at, contract.expiresAt));
    return { bid: value, ask: value, last: value };
  }
  const [bid, ask] = [BigInt(quote.bid), BigInt(quote.ask)];
  return { bid, ask, last: (bid + ask) / 2n };
}

/**
 * What exercise would bring for each of 100 shares, at the underlying's last price before an instant.
 * Micro-dollars.
 */
export function intrinsicOf(market: Market, contract: OptionContract, at: number): bigint {
  const price = Number(priceOf(market, contract.root, at - 1, at) ?? 0n);
  const shares = optionMarketOf(market).contracts.sharesOf(contract, newYorkDay(at));
  const spot = shares === 100 ? price : Math.round((price * shares) / 100);
  const strike = Math.round(contract.strike * 1_000_000);
  return BigInt(Math.max(0, contract.type === 'call' ? spot - strike : strike - spot));
}
