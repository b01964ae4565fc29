import { DAY_MS } from '../clock/new-york';
import { reportsBetween, reportVariance } from '../market/company/earnings';
import { sessionOf } from '../clock/calendar';
import { gaussian, keyOf } from '../market/hash';
import { INSTRUMENTS, type Instrument } from '../market/instruments';
import type { Market } from '../market/market';
import type { OptionTerms } from './black-scholes';
import type { OptionContract } from './contracts/contract-book';
import { impliedVolAt, type SurfaceShape } from './surface';

/** The rate that options are priced with, a year, continuous. */
export const RISK_FREE_RATE = 0.04;
const YEAR_MS = 365.25 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;
/** Options cost a little more than the variance that comes. */
const PREMIUM = 1.08;

export const yearsBetween = (from: number, to: number): number => Math.max(0, (to - from) / YEAR_MS);
export const dividendYieldOf = (symbol: string): number =>
  (INSTRUMENTS.get(symbol)?.dividendPercent ?? 0) / 100;

/** The slow swing of a symbol's variance: half of it the whole market's. Continuous in time. */
function swingAt(seed: number, symbol: string, at: number): number {
  const week = Math.floor(at / WEEK_MS);
  const part = at / WEEK_MS - week;
  const wave = (key: number): number =>
    gaussian(key, week, 0, 0) * (1 - part) + gaussian(key, week + 1, 0, 0) * part;
  return wave(keyOf(seed, 'variance')) * 0.2 + wave(keyOf(seed, `variance:${symbol}`)) * 0.2;
}

/** Surfaces move slowly: one is good for a minute. */
export class SurfaceModel {
  readonly #market: Market;
  readonly #kept = new Map<string, { minute: number; shape: SurfaceShape }>();
  readonly #reports = new Map<string, { at: number; variance: number }[]>();

  constructor(market: Market) {
    this.#market = market;
  }

  /** The surface of an underlying at an instant: a function of seed, symbol and minute. */
  shapeAt(underlying: Instrument, at: number): SurfaceShape {
    const minute = Math.floor(at / 60_000);
    const kept = this.#kept.get(underlying.symbol);
    if (kept !== undefined && kept.minute === minute) return kept.shape;
    const days = this.#market.alwaysOpen ? 365 : 252;
    const usual = underlying.volatility ** 2 * days * PREMIUM;
    const start = minute * 60_000;
    const shape: SurfaceShape = {
      rho: underlying.sector === 'fund' ? -0.6 : underlying.sector === 'metal' ? 0.05 : -0.35,
      curvature: 1,
      variance: { now: usual * Math.exp(swingAt(this.#market.seed, underlying.symbol, start)), usual },
      jumps: this.#reportsOf(underlying)
        .filter((report) => report.at > start)
        .map((report) => ({ years: yearsBetween(start, report.at), variance: report.variance })),
    };
    this.#kept.set(underlying.symbol, { minute, shape });
    return shape;
  }

  /** Everything that an option's value rests on, for a price of its underlying (dollars). */
  termsAt(contract: OptionContract, spot: number, at: number): OptionTerms {
    const years = yearsBetween(at, contract.expiresAt);
    const dividends = dividendYieldOf(contract.root);
    const forward = spot * Math.exp((RISK_FREE_RATE - dividends) * years);
    const { type, strike, underlying } = contract;
    const volatility = impliedVolAt(this.shapeAt(underlying, at), { strike, forward, years });
    return { type, spot, strike, years, rate: RISK_FREE_RATE, yield: dividends, volatility };
  }

  #reportsOf(underlying: Instrument): { at: number; variance: number }[] {
    const kept = this.#reports.get(underlying.symbol);
    if (kept !== undefined) return kept;
    const variance = reportVariance(underlying);
    const made = reportsBetween(this.#market.seed, underlying, { from: 2014, to: 2050 }).map((report) => ({
      at: sessionOf(report.reactionDay)?.open ?? 0,
      variance,
    }));
    this.#reports.set(underlying.symbol, made);
    return made;
  }
}
