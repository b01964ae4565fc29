import { describe, expect, it } from 'vitest';
import { dollarsObstacle, exitsObstacle, extendedObstacle, timeObstacle, typeObstacle } from './availability';
import { EMPTY_DRAFT, type TicketDraft } from './draft';

const draft = (change: Partial<TicketDraft> = {}): TicketDraft => ({ ...EMPTY_DRAFT, ...change });

describe('availability', () => {
  it('gives a plain market order every time, dollars and exits', () => {
    for (const time of ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const)
      expect(timeObstacle(draft(), time)).toBeNull();
    expect(dollarsObstacle(draft())).toBeNull();
    expect(exitsObstacle(draft())).toBeNull();
  });

  it('names what keeps a time from an order: type, dollars, a fraction, exits', () => {
    expect(timeObstacle(draft({ type: 'stop' }), 'ioc')).toBe('type');
    expect(timeObstacle(draft({ unit: 'dollars' }), 'gtc')).toBe('dollars');
    expect(timeObstacle(draft({ qty: '0.5' }), 'gtc')).toBe('fraction');
    expect(timeObstacle(draft({ hasExits: true }), 'ioc')).toBe('exits');
    expect(timeObstacle(draft({ hasExits: true, qty: '0.5', unit: 'dollars' }), 'day')).toBeNull();
  });

  it('keeps dollars to market day orders without exits', () => {
    expect(dollarsObstacle(draft({ type: 'limit' }))).toBe('type');
    expect(dollarsObstacle(draft({ timeInForce: 'gtc' }))).toBe('time');
    expect(dollarsObstacle(draft({ hasExits: true }))).toBe('exits');
    expect(typeObstacle(draft({ unit: 'dollars' }), 'limit')).toBe('dollars');
  });

  it('keeps exits to market and limit orders, day or gtc, in shares and regular hours', () => {
    expect(exitsObstacle(draft({ type: 'stop' }))).toBe('type');
    expect(exitsObstacle(draft({ timeInForce: 'fok' }))).toBe('time');
    expect(exitsObstacle(draft({ unit: 'dollars' }))).toBe('dollars');
    expect(exitsObstacle(draft({ type: 'limit', extendedHours: true }))).toBe('extended');
    expect(typeObstacle(draft({ hasExits: true }), 'stop')).toBe('exits');
    expect(typeObstacle(draft({ hasExits: true }), 'limit')).toBeNull();
  });

  it('offers extended hours to limit orders only, and says why not otherwise', () => {
    expect(extendedObstacle(draft())).toBe('type');
    expect(extendedObstacle(draft({ type: 'limit' }))).toBeNull();
    expect(extendedObstacle(draft({ type: 'limit', timeInForce: 'ioc' }))).toBe('time');
    expect(extendedObstacle(draft({ type: 'limit', hasExits: true }))).toBe('exits');
  });
});
