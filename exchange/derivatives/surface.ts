/** Total variance at the money by time, and the slice's shape: what makes a surface. */
export interface SurfaceShape {
  /** Correlation of price and volatility: below 0, puts are dearer. */
  readonly rho: number;
  /** Curvature. `curvature × (1 + |rho|)` is at most 2, or butterflies could cost less than nothing. */
  readonly curvature: number;
  /** Variance a year right now, and the one it returns to. */
  readonly variance: { readonly now: number; readonly usual: number };
  /** Moments ahead at which prices jump (years from now), and the variance each adds. */
  readonly jumps: readonly { readonly years: number; readonly variance: number }[];
}

/** How fast variance returns to the usual, a year. */
const RETURN_SPEED = 4;
const GAMMA = 0.45;

/**
 * Total variance at the money: never falls with time, so calendars never cost less than nothing.
 */
export function atmVariance({ variance, jumps }: SurfaceShape, years: number): number {
  const excess = ((variance.now - variance.usual) * (1 - Math.exp(-RETURN_SPEED * years))) / RETURN_SPEED;
  let total = variance.usual * years + excess;
  for (const jump of jumps) if (jump.years <= years) total += jump.variance;
  return Math.max(total, 1e-10);
}

/**
 * Total implied variance at a log moneyness ln(K/F): surface SVI with the power law of Gatheral and
 * Jacquier (2014), free of static arbitrage under the conditions named above.
 */
export function totalVariance(shape: SurfaceShape, moneyness: number, years: number): number {
  const theta = atmVariance(shape, years);
  const { rho, curvature } = shape;
  const phi = curvature / (theta ** GAMMA * (1 + theta) ** (1 - GAMMA));
  const x = phi * moneyness;
  return (theta / 2) * (1 + rho * x + Math.sqrt((x + rho) ** 2 + 1 - rho * rho));
}

/** Implied volatility a year at a strike. */
export function impliedVolAt(
  shape: SurfaceShape,
  option: { readonly strike: number; readonly forward: number; readonly years: number },
): number {
  const years = Math.max(option.years, 1e-6);
  return Math.sqrt(totalVariance(shape, Math.log(option.strike / option.forward), years) / years);
}
