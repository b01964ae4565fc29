import {
  europeanGreeks,
  europeanPrice,
  type Greeks,
  intrinsicValue,
  type OptionTerms,
} from './black-scholes';
import { normalCdf } from './normal';

/** A call with carry `b` below the rate `r`, which may be worth exercising before it expires. */
interface EarlyCall {
  readonly s: number;
  readonly x: number;
  readonly t: number;
  readonly r: number;
  readonly b: number;
  readonly v: number;
}

/** The value of getting S^power at expiry if S ends below `h` and never touched `barrier`, over barrier^power. */
function phi(
  { s, t, r, b, v }: EarlyCall,
  power: number,
  { h, barrier }: { h: number; barrier: number },
): number {
  const deviation = v * Math.sqrt(t);
  const lambda = (-r + power * b + 0.5 * power * (power - 1) * v * v) * t;
  const d = -(Math.log(s / h) + (b + (power - 0.5) * v * v) * t) / deviation;
  const kappa = (2 * b) / (v * v) + 2 * power - 1;
  const reflected = kappa * Math.log(barrier / s);
  const mirrored = normalCdf(d - (2 * Math.log(barrier / s)) / deviation);
  const scale = lambda + power * Math.log(s / barrier);
  return Math.exp(scale) * normalCdf(d) - (mirrored === 0 ? 0 : Math.exp(scale + reflected) * mirrored);
}

/** Value by the flat-boundary approximation (Bjerksund and Stensland 1993): a strategy, so never too high. */
function earlyCallPrice(call: EarlyCall): number {
  const { s, x, t, r, b, v } = call;
  const ratio = b / (v * v);
  const beta = 0.5 - ratio + Math.sqrt((ratio - 0.5) ** 2 + (2 * r) / (v * v));
  const far = (beta / (beta - 1)) * x;
  const near = Math.max(x, (r / (r - b)) * x);
  const slope = (-(b * t + 2 * v * Math.sqrt(t)) * near) / (far - near);
  const barrier = near + (far - near) * (1 - Math.exp(slope));
  if (s >= barrier) return s - x;
  const gain = barrier - x;
  const at = { h: barrier, barrier };
  const over = { h: x, barrier };
  return (
    gain * (s / barrier) ** beta -
    gain * phi(call, beta, at) +
    barrier * (phi(call, 1, at) - phi(call, 1, over)) -
    x * (phi(call, 0, at) - phi(call, 0, over))
  );
}

/** Value of an American option: at least the European one's and at least its intrinsic value. */
export function americanPrice(terms: OptionTerms): number {
  const { type, spot, strike, years, rate, volatility } = terms;
  const intrinsic = intrinsicValue(terms);
  if (years <= 0) return intrinsic;
  const european = europeanPrice(terms);
  // A call on a share without dividends is never exercised early.
  if (type === 'call' ? terms.yield <= 0 : rate <= 0) return Math.max(european, intrinsic);
  const carry = rate - terms.yield;
  const early =
    type === 'call'
      ? earlyCallPrice({ s: spot, x: strike, t: years, r: rate, b: carry, v: volatility })
      : earlyCallPrice({ s: strike, x: spot, t: years, r: terms.yield, b: -carry, v: volatility });
  return Math.max(european, intrinsic, Number.isFinite(early) ? early : 0);
}

/** Sensitivities of an American option: of its own price, by differences where early exercise matters. */
export function americanGreeks(terms: OptionTerms): Greeks {
  const price = americanPrice(terms);
  if (terms.years <= 0 || Math.abs(price - europeanPrice(terms)) < 1e-9) return europeanGreeks(terms);
  const { spot, years, rate, volatility } = terms;
  const at = (change: Partial<OptionTerms>): number => americanPrice({ ...terms, ...change });
  const step = spot * 0.005;
  const [up, down] = [at({ spot: spot + step }), at({ spot: spot - step })];
  const day = Math.min(1 / 365, years / 2);
  return {
    delta: (up - down) / (2 * step),
    gamma: Math.max(0, (up - 2 * price + down) / (step * step)),
    theta: (at({ years: years - day }) - price) / (day * 365),
    vega:
      (at({ volatility: volatility + 0.005 }) -
        at({ volatility: volatility - Math.min(0.005, volatility / 2) })) /
      (0.5 + Math.min(0.5, volatility * 50)),
    rho: (at({ rate: rate + 0.001 }) - at({ rate: rate - 0.001 })) / 0.2,
  };
}

/** The volatility at which an American option is worth a price; null when none between 0.1 % and 1000 % is. */
export function impliedVolatility(price: number, terms: Omit<OptionTerms, 'volatility'>): number | null {
  const worth = (volatility: number): number => americanPrice({ ...terms, volatility });
  let [low, high] = [0.001, 10];
  if (terms.years <= 0 || !(price >= worth(low)) || !(price <= worth(high))) return null;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (worth(middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
