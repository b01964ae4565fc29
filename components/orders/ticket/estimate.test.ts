import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT } from './draft';
import { estimate } from './estimate';

const quote = { bid: '99.98', ask: '100.02', last: '100' };

describe('estimate', () => {
  it('reckons a market buy at the ask and takes it from the buying power, exactly', () => {
    const draft = { ...EMPTY_DRAFT, qty: '3' };
    expect(estimate({ draft, quote, buyingPower: '1000.10', held: '0' })).toEqual({
      price: '100.02',
      amount: '300.06',
      buyingPowerAfter: '700.04',
      positionAfter: '3',
    });
  });

  it('reckons a limit order at its limit', () => {
    const draft = { ...EMPTY_DRAFT, type: 'limit' as const, limitPrice: '90', qty: '2' };
    expect(estimate({ draft, quote, buyingPower: '1000', held: '0' }).amount).toBe('180');
  });

  it('gives back what closes and takes what opens when a sale turns long into short', () => {
    const draft = { ...EMPTY_DRAFT, side: 'sell' as const, qty: '15' };
    const made = estimate({ draft, quote, buyingPower: '1000', held: '10' });
    expect(made.positionAfter).toBe('-5');
    expect(made.buyingPowerAfter).toBe('1499.9');
  });

  it('stays unknown, not zero, without a price or a quantity', () => {
    expect(estimate({ draft: EMPTY_DRAFT, quote: null, buyingPower: '1', held: '0' }).amount).toBeNull();
    const draft = { ...EMPTY_DRAFT, qty: 'x' };
    expect(estimate({ draft, quote, buyingPower: '1', held: '0' }).positionAfter).toBeNull();
  });

  it('falls back to the last price when a side of the book is empty', () => {
    const made = estimate({
      draft: EMPTY_DRAFT,
      quote: { ...quote, ask: null },
      buyingPower: null,
      held: '0',
    });
    expect(made).toMatchObject({ price: '100', buyingPowerAfter: null });
  });
});
