import { OptionType, OrderAction, OrderStatus, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { contractOf, symbolOf } from './contracts';
import { gatewayAddress, isPaperNumber } from './gateway-address';
import { parseIbTime } from './ib-time';
import { faultOf, orderRequest } from './order-request';
import { baseOf } from './parse-execution';
import { decimal, parseOrder } from './parse-order';
import { isCancelRefusal, isRefusal } from './refusals';
import type { VenueOrderRequest } from '@/server/brokers/ports';

const request: VenueOrderRequest = {
  clientOrderId: 'ord_1',
  symbol: 'AAPL',
  side: 'buy',
  positionIntent: null,
  legs: null,
  type: 'limit',
  timeInForce: 'gtc',
  qty: '3',
  notional: null,
  limitPrice: '231.17',
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  extendedHours: true,
  orderClass: 'simple',
  takeProfit: null,
  stopLoss: null,
};

describe('the numbers of accounts', () => {
  it('takes those that IB marks as paper, and no live one', () => {
    expect(['DU1234567', 'DF7654321', 'DUH12345'].every(isPaperNumber)).toBe(true);
    for (const live of ['U1234567', 'F1234567', 'I1234567', 'XDU123', 'DU', 'D1234567', ''])
      expect(isPaperNumber(live)).toBe(false);
  });

  it('reads host and port, of an IPv6 address too', () => {
    expect(gatewayAddress('127.0.0.1:4002', 7)).toEqual({ host: '127.0.0.1', port: 4002, clientId: 7 });
    expect(gatewayAddress('[::1]:7497', 7)).toEqual({ host: '::1', port: 7497, clientId: 7 });
  });
});

describe('times', () => {
  it.each([
    ['20260310 09:30:00 US/Eastern', '2026-03-10T13:30:00.000Z'],
    ['20260110 09:30:00 America/New_York', '2026-01-10T14:30:00.000Z'],
    ['20260110-14:30:00', '2026-01-10T14:30:00.000Z'],
    ['20261101 23:59:59 US/Eastern', '2026-11-02T04:59:59.000Z'],
  ])('reads %s as %s', (text, iso) => {
    expect(parseIbTime(text)).toBe(iso);
  });

  it('makes nothing of what is no time', () => {
    for (const text of ['', 'finished', undefined, '2026-01-10']) expect(parseIbTime(text)).toBeNull();
  });
});

describe('contracts', () => {
  it.each(['AAPL', 'BRK.B', 'AAPL261218C00250000'])('finds %s again in what it is at IB', (symbol) => {
    expect(symbolOf(contractOf(symbol))).toBe(symbol);
  });

  it('holds no future, no currency and nothing that is not in dollars', () => {
    expect(symbolOf({ symbol: 'ES', secType: SecType.FUT })).toBeNull();
    expect(symbolOf({ symbol: 'SAP', secType: SecType.STK, currency: 'EUR' })).toBeNull();
    expect(symbolOf({ secType: SecType.OPT, localSymbol: 'ODAX 1', right: OptionType.Call })).toBeNull();
  });
});

describe('orders', () => {
  it('are sent with our id as their reference, and read back as they were sent', () => {
    const { contract, order } = orderRequest('DU1234567', request);
    expect(order).toEqual({
      account: 'DU1234567',
      orderRef: 'ord_1',
      action: OrderAction.BUY,
      orderType: OrderType.LMT,
      totalQuantity: 3,
      tif: TimeInForce.GTC,
      outsideRth: true,
      transmit: true,
      lmtPrice: 231.17,
    });
    const told = { ...order, permId: 77, orderId: 5, clientId: 7 };
    expect(parseOrder(contract, told, { status: OrderStatus.Submitted })).toMatchObject({
      ref: 'ord_1',
      permId: 77,
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      timeInForce: 'gtc',
      qty: '3',
      limitPrice: '231.17',
      outsideRth: true,
    });
  });

  it('of a kind that is not sent are refused by their field', () => {
    expect(faultOf(request)).toBeNull();
    expect(faultOf({ ...request, orderClass: 'bracket' })?.field).toBe('orderClass');
    expect(faultOf({ ...request, orderClass: 'mleg' })?.field).toBe('orderClass');
    expect(faultOf({ ...request, qty: null, notional: '100' })?.field).toBe('notional');
    expect(faultOf({ ...request, timeInForce: 'cls' })?.field).toBe('timeInForce');
  });

  it('without a number of IB’s own are not taken for orders', () => {
    const { contract, order } = orderRequest('DU1234567', request);
    expect(parseOrder(contract, { ...order, permId: 0 }, { status: OrderStatus.PendingSubmit })).toBeNull();
  });
});

describe('numbers and codes', () => {
  it('keeps a number as it stood on the wire', () => {
    expect(decimal(0.1)).toBe('0.1');
    expect(decimal(1_234_567.891_234)).toBe('1234567.891234');
    expect(decimal(Number.MAX_VALUE)).toBeNull();
  });

  it('takes the correction’s number off an execution’s id', () => {
    expect(baseOf('0000e0d5.657b8bd4.01.01')).toBe(baseOf('0000e0d5.657b8bd4.01.02'));
    expect(baseOf('0000e0d5.657b8bd4.01.01')).not.toBe(baseOf('0000e0d5.657b8bd4.02.01'));
    expect(baseOf('plain')).toBe('plain');
  });

  it('takes warnings and errors of the server for no refusal', () => {
    for (const code of [399, 404, 322, 202, 2_109, 10_147, 1_100, 504])
      expect(isRefusal(code, '')).toBe(false);
    for (const code of [103, 110, 200, 201]) expect(isRefusal(code, '')).toBe(true);
    expect(isRefusal(321, "Error validating request.-'bN' : cause - Invalid account code")).toBe(true);
    expect(isRefusal(321, 'The API interface is currently in Read-Only mode.')).toBe(false);
    expect(isCancelRefusal(10_148)).toBe(true);
  });
});
