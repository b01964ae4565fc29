import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlpacaEndpoints,
  ForeignHostError,
  liveEndpoints,
  paperEndpoints,
  refuseSharedVenue,
} from './endpoints';

const DATA = { data: 'https://data.alpaca.markets', dataStream: 'wss://stream.data.alpaca.markets/v2/iex' };
const PAPER = {
  ...DATA,
  trading: 'https://paper-api.alpaca.markets',
  tradeStream: 'wss://paper-api.alpaca.markets/stream',
};
const LIVE = {
  ...DATA,
  trading: 'https://api.alpaca.markets',
  tradeStream: 'wss://api.alpaca.markets/stream',
};
const BOX = {
  trading: 'http://127.0.0.1:7400',
  data: 'http://127.0.0.1:7400',
  tradeStream: 'ws://127.0.0.1:7400/stream',
  dataStream: 'ws://127.0.0.1:7400/v2/iex',
};

describe.each([
  { scope: 'paper', make: paperEndpoints, own: PAPER, other: LIVE },
  { scope: 'live', make: liveEndpoints, own: LIVE, other: PAPER },
] as const)('endpoints of $scope accounts', ({ scope, make, own, other }) => {
  test("are Alpaca's for that scope, or this machine's", () => {
    expect(make(own)).toMatchObject({ ...own, scope });
    expect(make(BOX)).toMatchObject({ ...BOX, scope });
    expect(() => make({ ...BOX, trading: 'http://localhost:1', data: 'http://[::1]:2' })).not.toThrow();
  });

  const host = new URL(other.trading).hostname;
  const ownHost = new URL(own.trading).hostname;
  test.each([
    ['trading', `https://${host}`],
    ['trading', `https://${host.toUpperCase()}/`],
    ['trading', `https://${host}.:443/v2`],
    ['trading', `https://user:word@${host}`],
    ['trading', `https://${ownHost}@${host}`],
    ['trading', `https://${host}:8443`],
    ['trading', `https://${host.replace('alpaca', 'ａｌｐａｃａ')}`],
    ['trading', `https://${host.replaceAll('.', '。')}`],
    ['trading', `https://${host.replace('a', '%61')}`],
    ['trading', 'https://broker-api.alpaca.markets'],
    ['tradeStream', `wss://${host}/stream`],
    ['data', `https://${host}`],
    ['data', `https://${ownHost}`],
    ['trading', `https://${ownHost}.evil.test`],
    ['trading', `https://evil.test/${ownHost}`],
    ['trading', `https://user:word@${ownHost}`],
    ['trading', `https://${ownHost}:8443`],
    ['trading', `https://${ownHost}.`],
    ['trading', `http://${ownHost}`],
    ['tradeStream', `ws://${ownHost}/stream`],
    ['tradeStream', `https://${ownHost}/stream`],
    ['trading', 'http://10.0.0.1:7400'],
    ['trading', 'http://user@127.0.0.1:7400'],
    ['trading', 'http://127.0.0.1.evil.test'],
    ['trading', 'ftp://127.0.0.1'],
    ['trading', 'no address'],
  ] as const)('never have %s at %s', (name, url) => {
    expect(() => make({ ...own, [name]: url })).toThrow(ForeignHostError);
  });

  test('say neither user nor password when they refuse', () => {
    const refused = () => make({ ...own, trading: `https://someone:secret-word@${host}/path` });
    expect(refused).toThrow(ForeignHostError);
    expect(refused).not.toThrow(/secret-word|someone/);
  });

  test('of any spelling whatever trade at no host but their own and loopback', () => {
    let admitted = 0;
    const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;
    const spelt = fc.tuple(
      fc.constantFrom('https://', 'http://', 'HTTPS://', 'wss://', 'https:', 'https:\\\\', '//', ''),
      fc.constantFrom('', 'u@', 'u:p@', `${ownHost}@`, `${ownHost}:443@`, '@'),
      fc.oneof(
        fc.constantFrom(host, host.toUpperCase(), ownHost, `${host}.`, `x.${host}`, `${host}%00`, '127.1'),
        fc.constantFrom('2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0', `${ownHost}\t`, '㎧.test'),
        fc.domain(),
      ),
      fc.constantFrom('', ':443', ':80', ':0443', ':8443', ':'),
      fc.constantFrom('', '/', '/v2', '?x=1', '#f', `/@${ownHost}`, `\\@${ownHost}`),
    );
    fc.assert(
      fc.property(spelt, (parts) => {
        const trading = parts.join('');
        let made: AlpacaEndpoints;
        try {
          made = make({ ...own, trading });
        } catch (error) {
          return error instanceof ForeignHostError;
        }
        admitted += 1;
        const { hostname, username, password } = new URL(made.trading);
        return (hostname === ownHost || loopback.test(hostname)) && username === '' && password === '';
      }),
      { numRuns: 3_000 },
    );
    expect(admitted).toBeGreaterThan(0);
  });
});

describe('paper and live', () => {
  const papers = paperEndpoints(BOX);

  test('stand apart at Alpaca, and where each has its own port of this machine', () => {
    expect(() => refuseSharedVenue(liveEndpoints(LIVE), paperEndpoints(PAPER))).not.toThrow();
    const elsewhere = JSON.parse(JSON.stringify(BOX).replaceAll('7400', '7401'));
    expect(() => refuseSharedVenue(liveEndpoints(elsewhere), papers)).not.toThrow();
  });

  test.each([
    ['trading', 'http://127.0.0.1:7400'],
    ['trading', 'http://localhost:7400'],
    ['trading', 'http://127.1:7400/v2'],
    ['tradeStream', 'ws://[::1]:7400/stream'],
  ] as const)('never trade at one address of this machine: %s %s', (name, url) => {
    expect(() => refuseSharedVenue(liveEndpoints({ ...LIVE, [name]: url }), papers)).toThrow(
      ForeignHostError,
    );
  });

  test('nor has one its prices from where the other trades', () => {
    const prices = paperEndpoints({ ...PAPER, data: 'http://127.0.0.1:7500' });
    const live = liveEndpoints({ ...LIVE, trading: 'http://127.0.0.1:7500' });
    expect(() => refuseSharedVenue(live, prices)).toThrow(ForeignHostError);
  });
});
