import { describe, expect, it } from 'vitest';
import { fillMarkers } from './fill-markers';

const candles = [60, 120, 180].map((time) => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 0 }));
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const filled = (side: 'buy' | 'sell', filledQty: string, seconds: number) => ({
  side,
  filledQty,
  closedAt: at(seconds),
  updatedAt: at(seconds),
});

describe('fillMarkers', () => {
  it('sums what was bought in a bar and keeps what was sold apart', () => {
    const orders = [filled('sell', '5', 130), filled('buy', '0.1', 125), filled('buy', '0.2', 179)];
    expect(fillMarkers(orders, candles)).toEqual([
      { time: 120, side: 'sell', text: '\u22125' },
      { time: 120, side: 'buy', text: '+0.3' },
    ]);
  });

  it('leaves out what did not fill or lies before the bars', () => {
    expect(fillMarkers([filled('buy', '0', 130), filled('buy', '1', 30)], candles)).toEqual([]);
  });
});
