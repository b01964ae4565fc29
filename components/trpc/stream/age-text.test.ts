import { describe, expect, it } from 'vitest';
import { ageOf } from './age-text';

describe('ageOf', () => {
  it('never rounds an age up to the next unit', () => {
    expect(ageOf(999)).toEqual({ unit: 'seconds', count: 0 });
    expect(ageOf(59_999)).toEqual({ unit: 'seconds', count: 59 });
    expect(ageOf(60_000)).toEqual({ unit: 'minutes', count: 1 });
    expect(ageOf(3_599_999)).toEqual({ unit: 'minutes', count: 59 });
    expect(ageOf(86_399_999)).toEqual({ unit: 'hours', count: 23 });
    expect(ageOf(2 * 86_400_000)).toEqual({ unit: 'days', count: 2 });
  });
});
