import { describe, expect, it } from 'vitest';
import { countdown, countdownText } from './countdown';

describe('countdown', () => {
  it('shows hours, minutes and seconds on the last day', () => {
    expect(countdownText(countdown(2 * 3_600_000 + 5 * 60_000 + 9000), 'd')).toBe('02:05:09');
  });

  it('shows days without seconds over a weekend', () => {
    expect(countdownText(countdown(2 * 86_400_000 + 3_600_000), 'd')).toBe('2d 01:00');
  });

  it('reaches zero only when the time is over, and stays there', () => {
    expect(countdownText(countdown(1), 'd')).toBe('00:00:01');
    expect(countdownText(countdown(-5000), 'd')).toBe('00:00:00');
  });
});
