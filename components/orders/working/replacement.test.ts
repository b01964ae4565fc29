import { describe, expect, it } from 'vitest';
import { replaceOrderInput } from '@/domain/order/replace-order';
import { anOrder } from '@/domain/order/testing/an-order';
import { isReplaceable, readReplacement, replaceDraft, replaceFields } from './replacement';

const limit = anOrder('1', { type: 'limit', limitPrice: '5.00', qty: '3', filledQty: '1' });

describe('readReplacement', () => {
  const read = (change: object, order = limit) =>
    readReplacement(order, { ...replaceDraft(order), ...change });

  it('sends what differs and nothing else, in a form the server takes', () => {
    const { change } = read({ limitPrice: '6' });
    expect(change).toEqual({ limitPrice: '6' });
    expect(replaceOrderInput.safeParse({ id: '1', ...change }).success).toBe(true);
  });

  it('is no change when the same number is written in another way', () => {
    expect(read({ limitPrice: '5', qty: '3.0' })).toEqual({ change: null, faults: {} });
  });

  it('changes the stop of a stop limit and the trail of a trailing stop', () => {
    const stop = anOrder('2', { type: 'stop_limit', stopPrice: '4', limitPrice: '3.9' });
    expect(read({ stopPrice: '4.1', qty: '2' }, stop).change).toEqual({ stopPrice: '4.1', qty: '2' });
    const trailing = anOrder('3', { type: 'trailing_stop', trailPercent: '2', stopPrice: '90' });
    expect(replaceFields(trailing)).toEqual(['qty', 'trail']);
    expect(read({ trail: '2.5' }, trailing).change).toEqual({ trail: '2.5' });
  });

  it('refuses at its field what is no number, too fine or not above what has filled', () => {
    expect(read({ limitPrice: '' }).faults).toEqual({ limitPrice: { key: 'required' } });
    expect(read({ limitPrice: 'x' }).faults).toEqual({ limitPrice: { key: 'notNumber' } });
    expect(read({ limitPrice: '5.001' }).faults).toEqual({
      limitPrice: { key: 'priceDecimals', decimals: 2 },
    });
    expect(read({ qty: '1' })).toEqual({ change: null, faults: { qty: { key: 'aboveFilled' } } });
  });
});

describe('isReplaceable', () => {
  it('holds for what works at the venue and not for what is in flight, ending or in dollars', () => {
    expect(isReplaceable(limit)).toBe(true);
    expect(isReplaceable({ ...limit, status: 'submitting' })).toBe(false);
    expect(isReplaceable({ ...limit, status: 'pending_cancel' })).toBe(false);
    expect(isReplaceable({ ...limit, venueOrderId: null })).toBe(false);
    expect(isReplaceable(anOrder('2', { qty: null, notional: '50' }))).toBe(false);
  });
});
