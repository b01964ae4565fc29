import { describe, expect, it } from 'vitest';
import { eventSentence } from './event-sentence';

const fill = { executionId: 'x1', qty: '4', price: '231.20', at: '2026-11-20T15:00:00.000Z' };

describe('eventSentence', () => {
  it('tells an execution by side, shares and price', () => {
    const event = { type: 'filled', status: 'partially_filled', fill } as const;
    expect(eventSentence(event, 'buy')).toEqual({ key: 'bought', qty: '4', price: '231.20' });
    expect(eventSentence(event, 'sell')).toMatchObject({ key: 'sold' });
  });

  it('tells a fill whose execution is not known by its status', () => {
    expect(eventSentence({ type: 'filled', status: 'filled', fill: null }, 'buy')).toEqual({
      key: 'status',
      status: 'filled',
    });
  });

  it('has a sentence of its own for what the desk did', () => {
    for (const type of ['received', 'sent', 'denied', 'doubted', 'cancel_requested', 'unprotected'] as const)
      expect(eventSentence({ type, status: 'submitting', fill: null }, 'buy')).toEqual({ key: type });
    expect(eventSentence({ type: 'acknowledged', status: 'new', fill: null }, 'buy')).toEqual({
      key: 'acknowledged',
      status: 'new',
    });
  });
});
