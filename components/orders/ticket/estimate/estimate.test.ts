import { describe, expect, it } from 'vitest';
import { changedDraft, EMPTY_DRAFT, type TicketDraft } from '../draft/draft';
import { termsOf } from '../draft/read-draft';
import { estimate } from './estimate';

const termsWith = (change: Partial<TicketDraft>) => termsOf(changedDraft(EMPTY_DRAFT, change));
const quote = { bid: '99.98', ask: '100.02', last: '100' };

describe('estimate', () => {
  it('reckons a market buy at the ask and takes it from the buying power, exactly', () => {
    const terms = termsWith({ qty: '3' });
    expect(estimate({ terms, quote, buyingPower: '1000.10', held: '0' })).toEqual({
      price: '100.02',
      qty: '3',
      amount: '300.06',
      buyingPowerAfter: '700.04',
      positionAfter: '3',
    });
  });

  it('reckons a limit order at its limit', () => {
    const terms = termsWith({ type: 'limit', limitPrice: '90', qty: '2' });
    expect(estimate({ terms, quote, buyingPower: '1000', held: '0' }).amount).toBe('180');
  });

  it('gives back what closes and takes what opens when a sale turns long into short', () => {
    const terms = termsWith({ side: 'sell', qty: '15' });
    const made = estimate({ terms, quote, buyingPower: '1000', held: '10' });
    expect(made.positionAfter).toBe('-5');
    expect(made.buyingPowerAfter).toBe('1499.9');
  });

  it('stays unknown, not zero, without a price or a quantity', () => {
    expect(
      estimate({ terms: termsOf(EMPTY_DRAFT), quote: null, buyingPower: '1', held: '0' }).amount,
    ).toBeNull();
    const terms = termsWith({ qty: 'x' });
    expect(estimate({ terms, quote, buyingPower: '1', held: '0' }).positionAfter).toBeNull();
  });

  it('falls back to the last price when a side of the book is empty', () => {
    const made = estimate({
      terms: termsOf(EMPTY_DRAFT),
      quote: { ...quote, ask: null },
      buyingPower: null,
      held: '0',
    });
    expect(made).toMatchObject({ price: '100', buyingPowerAfter: null });
  });

  it('reckons a stop at its trigger and a stop limit at its limit', () => {
    const stop = termsWith({ type: 'stop', stopPrice: '110', qty: '2' });
    expect(estimate({ terms: stop, quote, buyingPower: null, held: '0' }).amount).toBe('220');
    const limit = termsWith({ type: 'stop_limit', stopPrice: '110', limitPrice: '111', qty: '2' });
    expect(estimate({ terms: limit, quote, buyingPower: null, held: '0' }).amount).toBe('222');
  });

  it('reckons a trailing stop at where it would trigger now', () => {
    const percent = termsWith({ side: 'sell', type: 'trailing_stop', trail: '2', qty: '1' });
    expect(estimate({ terms: percent, quote, buyingPower: null, held: '1' }).price).toBe('98.00');
    const dollars = termsWith({ type: 'trailing_stop', trailBy: 'price', trail: '1.5' });
    expect(estimate({ terms: dollars, quote, buyingPower: null, held: '0' }).price).toBe('101.50');
  });

  it('turns dollars into shares, takes exactly the dollars, and rounds the shares down', () => {
    const terms = termsWith({ unit: 'dollars', notional: '500' });
    expect(estimate({ terms, quote, buyingPower: '1000', held: '0' })).toEqual({
      price: '100.02',
      qty: '4.999000199',
      amount: '500',
      buyingPowerAfter: '500',
      positionAfter: '4.999000199',
    });
  });
});
