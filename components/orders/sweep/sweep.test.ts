import { describe, expect, it } from 'vitest';
import { anOrder } from '@/domain/order/testing/an-order';
import { cancellable, closingOrder, stepsOf } from './sweep';

describe('stepsOf', () => {
  it('always does what the button says and the other step only when asked', () => {
    expect(stepsOf('cancel', true)).toEqual({ cancels: true, closes: false });
    expect(stepsOf('flatten', false)).toEqual({ cancels: false, closes: true });
    expect(stepsOf('flatten', true)).toEqual({ cancels: true, closes: true });
    expect(stepsOf('kill', false)).toEqual({ cancels: true, closes: false });
    expect(stepsOf('kill', true)).toEqual({ cancels: true, closes: true });
  });
});

describe('cancellable', () => {
  it('counts what the venue works on, not what is in flight, ending or unknown to it', () => {
    const orders = [
      anOrder('1'),
      anOrder('2', { status: 'pending_cancel' }),
      anOrder('3', { status: 'submitting', venueOrderId: null }),
      anOrder('4', { status: 'partially_filled' }),
    ];
    expect(cancellable(orders).map(({ id }) => id)).toEqual(['1', '4']);
  });
});

describe('closingOrder', () => {
  it('sells a long and buys back a short, in positive shares', () => {
    expect(closingOrder({ symbol: 'A', side: 'long', qty: '2' })).toMatchObject({ side: 'sell', qty: '2' });
    expect(closingOrder({ symbol: 'A', side: 'short', qty: '-2' })).toMatchObject({ side: 'buy', qty: '2' });
  });
});
