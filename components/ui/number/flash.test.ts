import { describe, expect, it } from 'vitest';
import { FLASH_GAP_MS, flashDirection } from './flash';

describe('flashDirection', () => {
  it('compares as numbers, not as text', () => {
    expect(flashDirection('9.99', '10.00', FLASH_GAP_MS)).toBe('up');
    expect(flashDirection('10.00', '9.99', FLASH_GAP_MS)).toBe('down');
  });

  it('stays calm at first sight and when nothing moved', () => {
    expect(flashDirection(null, '10', FLASH_GAP_MS)).toBeNull();
    expect(flashDirection('10.0', '10', FLASH_GAP_MS)).toBeNull();
  });

  it('flashes at most three times a second', () => {
    expect(FLASH_GAP_MS * 3).toBeGreaterThanOrEqual(1000);
    expect(flashDirection('9', '10', FLASH_GAP_MS - 1)).toBeNull();
  });
});
