import { TickMarkType } from 'lightweight-charts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seconds } from './seconds';
import { timeLabels } from './chart-times';

describe('timeLabels', () => {
  afterEach(() => vi.unstubAllEnvs());

  it("names a day's bar by the market's date, wherever the reader is", () => {
    vi.stubEnv('TZ', 'America/Los_Angeles');
    const midnightInNewYork = seconds(Date.UTC(2026, 10, 20, 5) / 1000);
    const labels = timeLabels('en', 'day');
    expect(labels.crosshair(midnightInNewYork)).toBe('Nov 20, 2026');
    expect(labels.tick(midnightInNewYork, TickMarkType.DayOfMonth)).toBe('Nov 20');
  });

  it("names a minute's bar by the reader's clock", () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const labels = timeLabels('en', 'clock');
    expect(labels.tick(seconds(Date.UTC(2026, 10, 20, 15, 30) / 1000), TickMarkType.Time)).toBe('16:30');
  });
});
