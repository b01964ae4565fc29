import { describe, expect, it } from 'vitest';
import { changedDraft, EMPTY_DRAFT } from './draft';
import { readDraft } from './read-draft';
import { typedDecimal } from './typed-decimal';

describe('readDraft', () => {
  it('makes a market order without a price, whatever the price field still holds', () => {
    expect(readDraft('AAPL', { ...EMPTY_DRAFT, limitPrice: '231.2' }).order).toEqual({
      symbol: 'AAPL',
      side: 'buy',
      type: 'market',
      timeInForce: 'day',
      qty: '10',
      extendedHours: false,
      orderClass: 'simple',
    });
  });

  it('makes a limit order with the exact price', () => {
    const read = readDraft('AAPL', { ...EMPTY_DRAFT, type: 'limit', limitPrice: '1,231.20' });
    expect(read.order).toMatchObject({ type: 'limit', limitPrice: '1231.2' });
  });

  it.each([
    ['', 'required'],
    ['abc', 'notNumber'],
    ['NaN', 'notNumber'],
    ['1e3', 'notNumber'],
    ['-1', 'notNumber'],
    ['0', 'aboveZero'],
    ['0.0000000001', 'qtyDecimals'],
    ['1000000001', 'tooLarge'],
  ])('refuses the quantity %j as %s', (qty, key) => {
    expect(readDraft('AAPL', { ...EMPTY_DRAFT, qty }).faults).toEqual({ qty: { key } });
  });

  it('refuses a price finer than the venue quotes, and says how fine it may be', () => {
    const draft = { ...EMPTY_DRAFT, type: 'limit' as const };
    expect(readDraft('AAPL', { ...draft, limitPrice: '231.205' }).faults).toEqual({
      limitPrice: { key: 'priceDecimals', decimals: 2 },
    });
    expect(readDraft('F', { ...draft, limitPrice: '0.12345' }).faults).toEqual({
      limitPrice: { key: 'priceDecimals', decimals: 4 },
    });
    expect(readDraft('AAPL', { ...draft, limitPrice: '' }).faults).toEqual({
      limitPrice: { key: 'required' },
    });
  });

  it('wants a day order for a fraction of a share', () => {
    const read = readDraft('AAPL', { ...EMPTY_DRAFT, qty: '0.5', timeInForce: 'gtc' });
    expect(read.faults).toEqual({ timeInForce: { key: 'fractionDay' } });
  });
});

describe('readDraft of the other kinds', () => {
  const read = (change: Partial<typeof EMPTY_DRAFT>) => readDraft('AAPL', changedDraft(EMPTY_DRAFT, change));

  it('makes a stop limit with both prices and a trailing stop with its one trail', () => {
    expect(read({ type: 'stop_limit', stopPrice: '220', limitPrice: '219.5' }).order).toMatchObject({
      type: 'stop_limit',
      stopPrice: '220',
      limitPrice: '219.5',
    });
    const trailing = read({ type: 'trailing_stop', trailBy: 'price', trail: '1.5', stopPrice: '9' }).order;
    expect(trailing).toMatchObject({ trailPrice: '1.5' });
    expect(trailing).not.toHaveProperty('stopPrice');
    expect(trailing).not.toHaveProperty('trailPercent');
  });

  it('names the missing price of each type at its own field', () => {
    expect(read({ type: 'stop_limit' }).faults).toEqual({
      stopPrice: { key: 'required' },
      limitPrice: { key: 'required' },
    });
    expect(read({ type: 'trailing_stop' }).faults).toEqual({ trailPercent: { key: 'required' } });
    expect(read({ type: 'trailing_stop', trail: '100' }).faults).toEqual({
      trailPercent: { key: 'trailPercent' },
    });
  });

  it('makes an order in dollars without a quantity', () => {
    const { order } = read({ unit: 'dollars', notional: '500.50' });
    expect(order).toMatchObject({ notional: '500.5', type: 'market' });
    expect(order).not.toHaveProperty('qty');
    expect(read({ unit: 'dollars', notional: '0.5' }).faults).toEqual({ notional: { key: 'dollarsMin' } });
    expect(read({ unit: 'dollars', notional: '10', timeInForce: 'gtc' }).faults).toEqual({
      notional: { key: 'dollarsMarketDay' },
    });
  });

  it('makes a bracket of two exits, an OTO of one, and refuses none', () => {
    const exits = { hasExits: true, takeProfit: '240', stopLoss: '220' };
    expect(read(exits).order).toMatchObject({
      orderClass: 'bracket',
      takeProfit: { limitPrice: '240' },
      stopLoss: { stopPrice: '220' },
    });
    expect(read({ ...exits, takeProfit: '' }).order).toMatchObject({ orderClass: 'oto' });
    expect(read({ hasExits: true }).faults).toEqual({ 'takeProfit.limitPrice': { key: 'oneExit' } });
    expect(read({ ...exits, hasExits: false }).order).toMatchObject({ orderClass: 'simple' });
  });

  it('says at its field what keeps exits from going with the order', () => {
    const exits = { hasExits: true, takeProfit: '240', stopLoss: '220' };
    expect(read({ ...exits, side: 'sell' }).faults).toEqual({
      'takeProfit.limitPrice': { key: 'profitBelowStop' },
    });
    expect(read({ ...exits, qty: '1.5' }).faults).toEqual({ qty: { key: 'wholeForExits' } });
    expect(read({ ...exits, timeInForce: 'ioc' }).faults).toEqual({ timeInForce: { key: 'timeOfExits' } });
    expect(read({ ...exits, stopLoss: '', stopLossLimit: '219' }).faults).toEqual({
      'stopLoss.stopPrice': { key: 'required' },
    });
    expect(read({ ...exits, stopLoss: '220.001' }).faults).toEqual({
      'stopLoss.stopPrice': { key: 'priceDecimals', decimals: 2 },
    });
  });
});

describe('changedDraft', () => {
  it('falls back to day and regular hours when the new type or time does not know the old ones', () => {
    const limit = changedDraft(EMPTY_DRAFT, { type: 'limit', timeInForce: 'gtc', extendedHours: true });
    expect(limit).toMatchObject({ timeInForce: 'gtc', extendedHours: true });
    expect(changedDraft(limit, { timeInForce: 'ioc' })).toMatchObject({ extendedHours: false });
    const ioc = changedDraft(limit, { timeInForce: 'ioc' });
    expect(changedDraft(ioc, { type: 'stop' })).toMatchObject({ timeInForce: 'day' });
    expect(changedDraft(limit, { type: 'stop' })).toMatchObject({ timeInForce: 'gtc', extendedHours: false });
  });
});

describe('typedDecimal', () => {
  it('forgives what people type and nothing else', () => {
    expect(typedDecimal(' 1,000. ')).toBe('1000');
    expect(typedDecimal('.5')).toBe('0.5');
    expect(typedDecimal('.')).toBeNull();
    expect(typedDecimal('1.2.3')).toBeNull();
  });
});
