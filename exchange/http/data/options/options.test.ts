import { marketData, trading } from '@alpacahq/alpaca-trade-api';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from '../../../index';
import { INSTRUMENTS } from '../../../market/instruments';
import { Market } from '../../../market/market';
import { newYorkDay } from '../../../clock/new-york';
import { contractIdOf, contractOfId } from '../../../derivatives/contracts/contract-id';
import { expiriesListed } from '../../../derivatives/contracts/expiries';
import { parseOcc, writeOcc } from '../../../derivatives/contracts/occ-symbol';
import { OPTION_UNDERLYINGS } from '../../../derivatives/contracts/underlyings';
import { dividendYieldOf, RISK_FREE_RATE, yearsBetween } from '../../../derivatives/model';
import { type OptionMarket, optionMarketOf } from '../../../derivatives/option-market';

const headers = { 'APCA-API-KEY-ID': 'PKOPTIONS', 'APCA-API-SECRET-KEY': 'secret' };
const clock = '2026-11-18T19:00:00Z';
const NOW = Date.parse(clock);
const TODAY = newYorkDay(NOW);
let exchange: Exchange;
let sdk: { options: marketData.OptionApi; assets: trading.AssetsApi };

beforeAll(async () => {
  const accounts = [{ keyId: 'PKOPTIONS', secret: 'secret' }];
  exchange = await startExchange({ accounts, clock, rateLimit: 'off', seed: 3 });
  const basePath = exchange.url;
  sdk = {
    options: new marketData.OptionApi(new marketData.Configuration({ basePath, headers })),
    assets: new trading.AssetsApi(new trading.Configuration({ basePath, headers })),
  };
});
afterAll(() => exchange.close());

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${exchange.url}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

const contractPage = z.object({
  option_contracts: z.array(
    z.object({
      id: z.string(),
      symbol: z.string(),
      expiration_date: z.string(),
      strike_price: z.string(),
      type: z.string(),
      status: z.string(),
      deliverables: z.array(z.object({ amount: z.string() })).optional(),
    }),
  ),
  next_page_token: z.string().nullable(),
});
const contractsOf = async (query: string): Promise<z.infer<typeof contractPage>> =>
  contractPage.parse((await ask(`/v2/options/contracts?${query}`)).body);

describe('option contracts', () => {
  test('exist for at least 20 underlyings that are listed, with weeklies and monthlies', () => {
    expect(OPTION_UNDERLYINGS.size).toBeGreaterThanOrEqual(20);
    expect([...OPTION_UNDERLYINGS].filter((symbol) => !INSTRUMENTS.has(symbol))).toEqual([]);
    const kinds = expiriesListed(TODAY).map((expiry) => expiry.kind);
    expect(kinds.filter((kind) => kind === 'weekly').length).toBeGreaterThanOrEqual(4);
    expect(kinds.filter((kind) => kind === 'monthly').length).toBeGreaterThanOrEqual(10);
    expect(kinds.filter((kind) => kind === 'yearly').length).toBeGreaterThanOrEqual(2);
  });

  test('show by default what expires by the next weekend, and all of a year when asked', async () => {
    const week = await contractsOf('underlying_symbols=AAPL&limit=1000');
    expect(new Set(week.option_contracts.map((one) => one.expiration_date))).toEqual(new Set(['2026-11-20']));
    const year = await contractsOf('underlying_symbols=AAPL&expiration_date_lte=2027-11-18&limit=10000');
    expect(new Set(year.option_contracts.map((one) => one.expiration_date)).size).toBeGreaterThan(15);
    expect(year.next_page_token).toBeNull();
  });

  test('expire a day early when that Friday is a holiday', async () => {
    const dates = async (query: string): Promise<number> =>
      (await contractsOf(`underlying_symbols=SPY&${query}`)).option_contracts.length;
    expect(await dates('expiration_date=2026-12-25')).toBe(0);
    expect(await dates('expiration_date=2026-12-24')).toBeGreaterThan(10);
  });

  test('filter by type, strike and date, and come page by page without a gap or a double', async () => {
    const filter =
      'underlying_symbols=SPY,AAPL&type=put&strike_price_gte=200&strike_price_lte=700&expiration_date_lte=2026-12-18';
    const whole = await contractsOf(`${filter}&limit=10000`);
    const pages: string[] = [];
    let token = '';
    do {
      const page = await contractsOf(`${filter}&limit=100&page_token=${encodeURIComponent(token)}`);
      pages.push(...page.option_contracts.map((one) => one.symbol));
      token = page.next_page_token ?? '';
    } while (token !== '');
    expect(pages).toEqual(whole.option_contracts.map((one) => one.symbol));
    expect(pages.length).toBeGreaterThan(200);
    expect(whole.option_contracts.every((one) => one.type === 'put' && Number(one.strike_price) <= 700)).toBe(
      true,
    );
  });

  test('are found by symbol and by id, with deliverables; unknown ones are 404', async () => {
    const [first] = (await contractsOf('underlying_symbols=AAPL')).option_contracts;
    const bySymbol = await ask(`/v2/options/contracts/${first?.symbol}`);
    expect(bySymbol).toEqual(await ask(`/v2/options/contracts/${first?.id}`));
    expect(bySymbol).toMatchObject({ status: 200, body: { deliverables: [{ amount: '100' }] } });
    expect((await ask('/v2/options/contracts/AAPL261120C99999000')).status).toBe(404);
    expect((await ask('/v2/options/contracts/nonsense')).status).toBe(404);
  });

  test('that have expired are inactive, and asked for as such', async () => {
    const { option_contracts: list } = await contractsOf(
      'underlying_symbols=SPY&status=inactive&limit=10000',
    );
    expect(list.length).toBeGreaterThan(100);
    expect(list.every((one) => one.status === 'inactive' && one.expiration_date < '2026-11-18')).toBe(true);
  });

  test('stay listed once listed, whatever the price does afterwards', () => {
    const { contracts } = optionMarketOf(new Market(9, false));
    for (const root of ['TSLA', 'SPY', 'F']) {
      for (const earlier of contracts.list(root, TODAY - 30, { from: TODAY, to: TODAY + 60 })) {
        expect(contracts.find(earlier.symbol, TODAY)?.symbol).toBe(earlier.symbol);
      }
    }
  });

  test('have symbols and ids that can be read back, and no others can', () => {
    const name = fc.record({
      root: fc.constantFrom(...OPTION_UNDERLYINGS),
      suffix: fc.integer({ min: 0, max: 9 }),
      expiry: fc.integer({ min: 16_500, max: 25_000 }),
      type: fc.constantFrom('call' as const, 'put' as const),
      strike: fc.integer({ min: 1, max: 9_999_999 }).map((value) => value / 1000),
    });
    fc.assert(
      fc.property(name, (option) => {
        expect(parseOcc(writeOcc(option))).toEqual(option);
        expect(contractOfId(contractIdOf(option))).toEqual(option);
        expect(contractIdOf(option)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
      { numRuns: 500 },
    );
    expect(contractOfId('b0b6dd9d-8b9b-48a9-ba46-b9d54906e415')).toBeNull();
    expect(parseOcc('AAPL260631C00100000')).toBeNull();
  });
});

describe.each([true, false])('option quotes (always open: %s)', (alwaysOpen) => {
  const market = new Market(4, alwaysOpen);
  const options: OptionMarket = optionMarketOf(market);
  const pick = fc.record({
    root: fc.constantFrom(...OPTION_UNDERLYINGS),
    place: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    expiry: fc.nat(),
    at: fc.integer({ min: NOW - 40 * 86_400_000, max: NOW }),
  });
  const chainOf = (one: { root: string; expiry: number; at: number }) => {
    const day = newYorkDay(one.at);
    const expiries = expiriesListed(day).filter((expiry) => expiry.day > day + 1 && expiry.listed < day - 4);
    const { day: on = day } = expiries[one.expiry % expiries.length] ?? {};
    return [...options.contracts.list(one.root, day, { from: on, to: on })];
  };
  const touch = (contract: ReturnType<typeof chainOf>[number] | undefined, at: number) => {
    const quote = contract === undefined ? undefined : options.quoteAt(contract, at);
    if (quote === undefined) throw new Error('no quote');
    return { bid: quote.bid / 1e6, ask: quote.ask / 1e6, quotedAt: quote.at };
  };

  test('are sane: bid below ask, not below 0, on the tick, not from the future', () => {
    fc.assert(
      fc.property(pick, (one) => {
        const chain = chainOf(one);
        const contract = chain[Math.floor(one.place * chain.length)];
        const { bid, ask, quotedAt } = touch(contract, one.at);
        expect(bid).toBeGreaterThanOrEqual(0);
        expect(ask).toBeGreaterThan(bid);
        expect(Math.round(ask * 1e6) % 10_000).toBe(0);
        expect(quotedAt).toBeLessThanOrEqual(one.at);
      }),
      { numRuns: 150 },
    );
  });

  test('keep put-call parity within their spreads: no conversion or reversal earns money', () => {
    fc.assert(
      fc.property(pick, (one) => {
        const chain = chainOf(one);
        const calls = chain.filter((contract) => contract.type === 'call');
        const call = calls[Math.floor(one.place * calls.length)];
        const put = chain.find((contract) => contract.type === 'put' && contract.strike === call?.strike);
        const [c, p] = [touch(call, one.at), touch(put, one.at)];
        const active = options.activeAt(one.at);
        const spot = options.spotAt(one.root, Math.floor(active / 2_000) * 2_000);
        const years = yearsBetween(active, call?.expiresAt ?? 0);
        const strike = call?.strike ?? 0;
        // Parity of American options is a pair of bounds (Hull, ch. 11); the cent is the underlying's own.
        const upper = spot - strike * Math.exp(-RISK_FREE_RATE * years);
        const lower = spot * Math.exp(-dividendYieldOf(one.root) * years) - strike;
        expect(c.bid - p.ask).toBeLessThanOrEqual(upper + 0.02);
        expect(c.ask - p.bid).toBeGreaterThanOrEqual(lower - 0.02);
      }),
      { numRuns: 150 },
    );
  });

  test('leave no butterfly, vertical or calendar that pays to be bought', () => {
    fc.assert(
      fc.property(pick, (one) => {
        const calls = chainOf(one).filter((contract) => contract.type === 'call');
        const middle = 1 + Math.floor(one.place * (calls.length - 2));
        const wings = [calls[middle - 1], calls[middle], calls[middle + 1]] as const;
        const [low, body, high] = wings.map((contract) => touch(contract, one.at));
        if (low === undefined || body === undefined || high === undefined) throw new Error('no strikes');
        // Strikes are not always evenly apart: the wings are weighted so that they cost nothing beyond the strikes.
        const [from = 0, at = 0, to = 0] = wings.map((contract) => contract?.strike);
        const share = (to - at) / (to - from);
        expect(share * low.ask + (1 - share) * high.ask - body.bid).toBeGreaterThanOrEqual(-1e-9);
        expect(low.ask - body.bid).toBeGreaterThanOrEqual(-1e-9);
        const later = chainOf({ ...one, expiry: one.expiry + 1 }).find(
          (contract) => contract.type === 'call' && contract.strike === calls[middle]?.strike,
        );
        if (later === undefined || later.expiresAt <= (calls[middle]?.expiresAt ?? 0)) return;
        expect(touch(later, one.at).ask).toBeGreaterThanOrEqual(body.bid - 1e-9);
      }),
      { numRuns: 150 },
    );
  });

  test('are the same for another reader, and bars are made exactly of the prints', () => {
    const other = optionMarketOf(new Market(4, alwaysOpen));
    const chain = chainOf({ root: 'SPY', expiry: 1, at: NOW });
    for (const contract of chain.slice(30, 34)) {
      expect(other.quoteAt(contract, NOW)).toEqual(options.quoteAt(contract, NOW));
      const day = { from: NOW - 2 * 86_400_000, to: NOW - 86_400_000 };
      const prints = [...options.trades(contract, day)];
      const bars = [...options.bars(contract, { unit: 'minute', count: 1 }, day, NOW)];
      expect([...other.trades(contract, day)]).toEqual(prints);
      expect(bars.reduce((sum, bar) => sum + bar.trades, 0)).toBeGreaterThanOrEqual(prints.length);
      expect(options.tradeAt(contract, day.to - 1)?.at ?? 0).toBe(
        prints.at(-1)?.at ?? options.tradeAt(contract, day.to - 1)?.at ?? 0,
      );
    }
  });
});

describe('option data', () => {
  test('the official SDK reads the chain with quotes, greeks and volatility, page by page', async () => {
    const chain = await sdk.options.optionChain({
      underlyingSymbol: 'AAPL',
      expirationDate: new Date('2026-12-18'),
      type: 'call',
      limit: 20,
    });
    const list = Object.values(chain.snapshots);
    expect(list).toHaveLength(20);
    expect(chain.nextPageToken).not.toBeNull();
    for (const one of list) {
      expect(one.greeks?.delta).toBeGreaterThanOrEqual(0);
      expect(one.impliedVolatility).toBeGreaterThan(0.05);
      expect(one.latestQuote?.ap).toBeGreaterThan(one.latestQuote?.bp ?? Infinity);
    }
  });

  test('the official SDK reads latest quotes, trades, bars and contracts', async () => {
    const { option_contracts: list } = await contractsOf(
      'underlying_symbols=SPY&expiration_date=2026-12-18&type=call&limit=1000',
    );
    const middle = list[Math.floor(list.length / 2)]?.symbol ?? '';
    const symbols = `${middle},SPY261218C09999000`;
    const quotes = await sdk.options.optionLatestQuotes({ symbols });
    expect(Object.keys(quotes.quotes)).toEqual([middle]);
    expect(quotes.quotes[middle]?.c).toBe('A');
    const start = new Date('2026-11-10T00:00:00Z');
    const bars = await sdk.options.optionBars({ symbols, timeframe: '1Day', start });
    expect(bars.bars[middle]?.length).toBeGreaterThanOrEqual(5);
    const trades = await sdk.options.optionTrades({ symbols, start: new Date('2026-11-18T15:00:00Z') });
    expect(trades.trades[middle]?.length).toBeGreaterThan(10);
    const latest = await sdk.options.optionLatestTrades({ symbols });
    const { p, s, x } = trades.trades[middle]?.at(-1) ?? {};
    expect(latest.trades[middle]).toMatchObject({ p, s, x });
    const contract = await sdk.assets.getOptionContractSymbolOrId({ symbolOrId: middle });
    expect(Number(contract.openInterest)).toBeGreaterThan(0);
  });

  test.each([
    ['/v1beta1/options/quotes/latest?symbols=AAPL', 400],
    ['/v1beta1/options/quotes/latest', 400],
    ['/v1beta1/options/snapshots/SPY?limit=1001', 400],
    ['/v1beta1/options/snapshots/SPY?type=straddle', 400],
    ['/v1beta1/options/snapshots/SPY?feed=opra', 403],
    ['/v1beta1/options/snapshots/SPY?feed=bogus', 400],
    ['/v1beta1/options/bars?symbols=SPY261218C00600000', 400],
    ['/v1beta1/options/snapshots/NOSUCH', 200],
    ['/v2/options/contracts?status=dead', 400],
  ])('%s answers %d', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });

  test('takes at most 100 symbols at once', async () => {
    const symbols = Array.from({ length: 101 }, (_, i) =>
      writeOcc({ root: 'SPY', suffix: 0, expiry: TODAY + 2, type: 'call', strike: 100 + i }),
    );
    const path = '/v1beta1/options/trades?symbols=';
    expect((await ask(path + symbols.join(','))).status).toBe(400);
    expect((await ask(path + symbols.slice(1).join(','))).status).toBe(200);
  });
});
