import { describe, expect, it, vi } from 'vitest';
import type { Quote } from '@/domain/market/quote';
import { QuoteStore } from '../trpc/stream/quote-store';
import { liveCandle } from './live-candle';

const newest = {
  time: Date.UTC(2026, 10, 20, 15, 0) / 1000,
  open: 10,
  high: 11,
  low: 9,
  close: 10,
  volume: 100,
};
const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 15, 0, second)).toISOString();

function quote(over: Partial<Quote>): Quote {
  return {
    symbol: 'AAPL',
    bid: '10',
    bidSize: 1,
    ask: '10.1',
    askSize: 1,
    quotedAt: at(0),
    last: '10',
    lastSize: 5,
    tradedAt: at(0),
    previousClose: null,
    receivedAt: at(0),
    source: 'simulated',
    ...over,
  };
}

describe('liveCandle', () => {
  it('counts the volume of each trade once, and none for a change of bid and ask', () => {
    const quotes = new QuoteStore();
    quotes.put(quote({}));
    const live = liveCandle(quotes, 'AAPL', '1Min', newest);
    const wake = vi.fn();
    live.subscribe(wake);
    quotes.put(quote({ bid: '10.05', quotedAt: at(1) }));
    expect(wake).not.toHaveBeenCalled();
    quotes.put(quote({ last: '12', lastSize: 7, tradedAt: at(2), quotedAt: at(2) }));
    expect(wake).toHaveBeenCalledTimes(1);
    expect(live.get()).toEqual({ ...newest, high: 12, close: 12, volume: 107 });
  });
});
