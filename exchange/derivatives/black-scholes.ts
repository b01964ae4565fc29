import { normalCdf, normalDensity } from './normal';

/** What an option's value rests on. Prices in dollars, rates a year and continuous, time in years. */
export interface OptionTerms {
  readonly type: 'call' | 'put';
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  /** Dividend yield. */
  readonly yield: number;
  readonly volatility: number;
}

/** Sensitivities in the units that brokers show. */
export interface Greeks {
  /** Dollars for a dollar of the underlying. */
  readonly delta: number;
  /** Delta for a dollar of the underlying. */
  readonly gamma: number;
  /** Dollars for a calendar day. */
  readonly theta: number;
  /** Dollars for a percentage point of volatility. */
  readonly vega: number;
  /** Dollars for a percentage point of the rate. */
  readonly rho: number;
}

/** What exercising at once would bring, never below 0. */
export const intrinsicValue = ({
  type,
  spot,
  strike,
}: Pick<OptionTerms, 'type' | 'spot' | 'strike'>): number =>
  Math.max(0, type === 'call' ? spot - strike : strike - spot);

/** Value of a European option (Black, Scholes, Merton 1973). At expiry: its intrinsic value. */
export function europeanPrice(terms: OptionTerms): number {
  const { type, spot, strike, years, rate, volatility } = terms;
  if (years <= 0) return intrinsicValue(terms);
  const discounted = strike * Math.exp(-rate * years);
  const carried = spot * Math.exp(-terms.yield * years);
  const deviation = volatility * Math.sqrt(years);
  if (deviation <= 0) return Math.max(0, type === 'call' ? carried - discounted : discounted - carried);
  const d1 = Math.log(carried / discounted) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  return type === 'call'
    ? carried * normalCdf(d1) - discounted * normalCdf(d2)
    : discounted * normalCdf(-d2) - carried * normalCdf(-d1);
}

/** Exact sensitivities of a European option. */
export function europeanGreeks(terms: OptionTerms): Greeks {
  const { type, spot, strike, years, rate, volatility } = terms;
  const sign = type === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(Math.max(years, 0));
  if (deviation <= 0) {
    return { delta: intrinsicValue(terms) > 0 ? sign : 0, gamma: 0, theta: 0, vega: 0, rho: 0 };
  }
  const carry = Math.exp(-terms.yield * years);
  const discounted = strike * Math.exp(-rate * years);
  const d1 = Math.log((spot * carry) / discounted) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const density = spot * carry * normalDensity(d1);
  const decay =
    (-density * volatility) / (2 * Math.sqrt(years)) -
    sign * rate * discounted * normalCdf(sign * d2) +
    sign * terms.yield * spot * carry * normalCdf(sign * d1);
  return {
    delta: sign * carry * normalCdf(sign * d1),
    gamma: density / (spot * spot * deviation),
    theta: decay / 365,
    vega: (density * Math.sqrt(years)) / 100,
    rho: (sign * years * discounted * normalCdf(sign * d2)) / 100,
  };
}
