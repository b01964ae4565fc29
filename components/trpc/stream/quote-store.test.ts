import { describe, expect, it, vi } from 'vitest';
import type { Quote } from '@/domain/market/quote';
import { QuoteStore } from './quote-store';

function quote(symbol: string, last: string, tradedAt: string): Quote {
  return {
    symbol,
    bid: null,
    bidSize: null,
    ask: null,
    askSize: null,
    quotedAt: null,
    last,
    lastSize: null,
    tradedAt,
    previousClose: null,
    receivedAt: tradedAt,
    source: 'simulated',
  };
}

describe('QuoteStore', () => {
  it('wakes the listeners of the ticking symbol and nobody else', () => {
    const store = new QuoteStore();
    const apple = vi.fn();
    const tesla = vi.fn();
    store.subscribe('AAPL', apple);
    store.subscribe('TSLA', tesla);
    store.put(quote('AAPL', '1', '2026-11-20T15:00:00.000Z'));
    expect(apple).toHaveBeenCalledTimes(1);
    expect(tesla).not.toHaveBeenCalled();
  });

  it('drops an older quote that arrives late', () => {
    const store = new QuoteStore();
    store.put(quote('AAPL', '2', '2026-11-20T15:00:01.000Z'));
    store.put(quote('AAPL', '1', '2026-11-20T15:00:00.000Z'));
    expect(store.get('AAPL')?.last).toBe('2');
  });

  it('is silent after unsubscribing', () => {
    const store = new QuoteStore();
    const listener = vi.fn();
    store.subscribe('AAPL', listener)();
    store.put(quote('AAPL', '1', '2026-11-20T15:00:00.000Z'));
    expect(listener).not.toHaveBeenCalled();
  });
});
