import { describe, expect, test } from 'vitest';
import { LiveHostError, paperEndpoints } from './endpoints';

const PAPER = {
  trading: 'https://paper-api.alpaca.markets',
  data: 'https://data.alpaca.markets',
  tradeStream: 'wss://paper-api.alpaca.markets/stream',
  dataStream: 'wss://stream.data.alpaca.markets/v2/iex',
};

describe('endpoints of paper accounts', () => {
  test('are those of Alpaca paper and of an exchange anywhere', () => {
    expect(paperEndpoints(PAPER)).toMatchObject(PAPER);
    expect(() => paperEndpoints({ ...PAPER, trading: 'http://127.0.0.1:7400' })).not.toThrow();
  });

  test.each([
    ['trading', 'https://api.alpaca.markets'],
    ['trading', 'https://API.alpaca.markets/'],
    ['trading', 'https://api.alpaca.markets.:443/v2'],
    ['trading', 'https://user:word@api.alpaca.markets'],
    ['trading', 'https://broker-api.alpaca.markets'],
    ['tradeStream', 'wss://api.alpaca.markets/stream'],
    ['data', 'https://api.alpaca.markets'],
  ] as const)('are never a host of live trading: %s %s', (name, url) => {
    expect(() => paperEndpoints({ ...PAPER, [name]: url })).toThrow(LiveHostError);
  });
});
