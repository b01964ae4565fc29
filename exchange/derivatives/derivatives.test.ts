import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { americanGreeks, americanPrice, impliedVolatility } from './american';
import { europeanGreeks, europeanPrice, type OptionTerms } from './black-scholes';
import { normalCdf } from './normal';
import { impliedVolAt, type SurfaceShape, totalVariance } from './surface';

const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const terms: fc.Arbitrary<OptionTerms> = fc.record({
  type: fc.constantFrom('call' as const, 'put' as const),
  spot: between(5, 900),
  strike: between(5, 900),
  years: between(0.003, 2.5),
  rate: between(0, 0.08),
  yield: between(0, 0.07),
  volatility: between(0.08, 1.5),
});
const shape: fc.Arbitrary<SurfaceShape> = fc.record({
  rho: between(-0.75, 0.2),
  curvature: between(0.4, 1.1),
  variance: fc.record({ now: between(0.01, 0.8), usual: between(0.01, 0.5) }),
  jumps: fc.array(fc.record({ years: between(0, 2), variance: between(0, 0.02) }), { maxLength: 8 }),
});

/** Value on a binomial tree (Cox, Ross, Rubinstein): slow, and shares nothing with the formulas. */
function treePrice(option: OptionTerms, american: boolean): number {
  const steps = 400;
  const dt = option.years / steps;
  const up = Math.exp(option.volatility * Math.sqrt(dt));
  const chance = (Math.exp((option.rate - option.yield) * dt) - 1 / up) / (up - 1 / up);
  const discount = Math.exp(-option.rate * dt);
  const sign = option.type === 'call' ? 1 : -1;
  const payoff = (step: number, ups: number): number =>
    Math.max(0, sign * (option.spot * up ** (2 * ups - step) - option.strike));
  const values = Array.from({ length: steps + 1 }, (_, ups) => payoff(steps, ups));
  for (let step = steps - 1; step >= 0; step -= 1) {
    for (let ups = 0; ups <= step; ups += 1) {
      const kept = discount * (chance * (values[ups + 1] ?? 0) + (1 - chance) * (values[ups] ?? 0));
      values[ups] = american ? Math.max(kept, payoff(step, ups)) : kept;
    }
  }
  return values[0] ?? 0;
}

describe('option values', () => {
  test.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [-3, 0.00134989803163009],
    [8, 1 - 6.22096057427178e-16],
  ])('the normal distribution at %d is %d', (x, expected) => {
    expect(normalCdf(x)).toBeCloseTo(expected, 14);
  });

  test('European prices and greeks are those of the textbook (Hull: 42, 40, 10 %, 20 %, half a year)', () => {
    const option = { spot: 42, strike: 40, years: 0.5, rate: 0.1, yield: 0, volatility: 0.2 };
    expect(europeanPrice({ ...option, type: 'call' })).toBeCloseTo(4.7594, 4);
    expect(europeanPrice({ ...option, type: 'put' })).toBeCloseTo(0.8086, 4);
    expect(europeanGreeks({ ...option, type: 'call' }).delta).toBeCloseTo(0.7791, 4);
  });

  test('an American put is worth what early exercise adds (Longstaff and Schwartz 2001: 4.478, European 3.844)', () => {
    const put = {
      type: 'put',
      spot: 36,
      strike: 40,
      years: 1,
      rate: 0.06,
      yield: 0,
      volatility: 0.2,
    } as const;
    expect(europeanPrice(put)).toBeCloseTo(3.844, 3);
    expect(Math.abs(americanPrice(put) - 4.478)).toBeLessThan(0.03);
  });

  test('European puts and calls keep parity to the hundredth of a cent', () => {
    fc.assert(
      fc.property(terms, (option) => {
        const call = europeanPrice({ ...option, type: 'call' });
        const put = europeanPrice({ ...option, type: 'put' });
        const forward =
          option.spot * Math.exp(-option.yield * option.years) -
          option.strike * Math.exp(-option.rate * option.years);
        expect(Math.abs(call - put - forward)).toBeLessThan(1e-4);
      }),
      { numRuns: 1_000 },
    );
  });

  test('American prices lie between the European one or exercise and the limits of parity', () => {
    fc.assert(
      fc.property(terms, (option) => {
        const call = americanPrice({ ...option, type: 'call' });
        const put = americanPrice({ ...option, type: 'put' });
        const { spot, strike, years } = option;
        expect(call).toBeGreaterThanOrEqual(Math.max(0, spot - strike));
        expect(put).toBeGreaterThanOrEqual(Math.max(0, strike - spot));
        expect(call).toBeLessThanOrEqual(spot + 1e-9);
        expect(put).toBeLessThanOrEqual(strike + 1e-9);
        expect(call - put).toBeLessThanOrEqual(spot - strike * Math.exp(-option.rate * years) + 1e-6);
        expect(call - put).toBeGreaterThanOrEqual(spot * Math.exp(-option.yield * years) - strike - 1e-6);
      }),
      { numRuns: 1_000 },
    );
  });

  test('American prices agree with a binomial tree to 1 % of the spot, up to a volatility of 75 %', () => {
    fc.assert(
      fc.property(terms, (option) => {
        const inside = {
          ...option,
          strike: option.spot * (0.7 + (option.strike / 900) * 0.6),
          volatility: option.volatility / 2,
        };
        expect(Math.abs(americanPrice(inside) - treePrice(inside, true)) / inside.spot).toBeLessThan(0.01);
      }),
      { numRuns: 40 },
    );
  });

  test('greeks are the slopes of the price and have the right signs', () => {
    fc.assert(
      fc.property(terms, (option) => {
        const greeks = americanGreeks(option);
        const sign = option.type === 'call' ? 1 : -1;
        expect(sign * greeks.delta).toBeGreaterThanOrEqual(-1e-6);
        expect(sign * greeks.delta).toBeLessThanOrEqual(1.02);
        expect(greeks.gamma).toBeGreaterThanOrEqual(0);
        expect(greeks.vega).toBeGreaterThanOrEqual(-1e-6);
        const step = option.spot * 0.005;
        const slope =
          (americanPrice({ ...option, spot: option.spot + step }) -
            americanPrice({ ...option, spot: option.spot - step })) /
          (2 * step);
        expect(greeks.delta).toBeCloseTo(slope, 1);
      }),
      { numRuns: 500 },
    );
  });

  test('the implied volatility of a price gives the price back', () => {
    fc.assert(
      fc.property(terms, (option) => {
        const price = americanPrice(option);
        const found = impliedVolatility(price, option);
        if (found === null) return;
        expect(americanPrice({ ...option, volatility: found })).toBeCloseTo(price, 6);
      }),
      { numRuns: 200 },
    );
    const at = { type: 'call', spot: 100, strike: 100, years: 0.5, rate: 0.04, yield: 0 } as const;
    expect(impliedVolatility(americanPrice({ ...at, volatility: 0.3 }), at)).toBeCloseTo(0.3, 8);
    expect(impliedVolatility(101, at)).toBeNull();
    expect(impliedVolatility(-1, at)).toBeNull();
  });
});

describe('the volatility surface', () => {
  test('has no calendar arbitrage: total variance never falls with time at any moneyness', () => {
    fc.assert(
      fc.property(shape, between(-1.5, 1.5), between(0.003, 2), between(0, 1), (surface, k, years, later) => {
        const near = totalVariance(surface, k, years);
        expect(totalVariance(surface, k, years + later)).toBeGreaterThanOrEqual(near * (1 - 1e-12));
      }),
      { numRuns: 2_000 },
    );
  });

  test('has no butterfly arbitrage: prices are convex in the strike, and fall with it', () => {
    fc.assert(
      fc.property(shape, between(0.004, 2), between(-1, 1), (surface, years, k) => {
        const price = (strike: number): number =>
          europeanPrice({
            type: 'call',
            spot: 100,
            strike,
            years,
            rate: 0,
            yield: 0,
            volatility: impliedVolAt(surface, { strike, forward: 100, years }),
          });
        const strike = 100 * Math.exp(k);
        const step = strike * 0.01;
        const [low, middle, high] = [price(strike - step), price(strike), price(strike + step)];
        expect(low - 2 * middle + high).toBeGreaterThanOrEqual(-1e-9);
        expect(low).toBeGreaterThanOrEqual(middle - 1e-12);
      }),
      { numRuns: 2_000 },
    );
  });
});
