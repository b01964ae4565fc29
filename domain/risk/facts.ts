import type { OrderTerms } from '../order/order-rules';

/** What a kill switch stops: the whole desk, a user, or an account. */
export const KILL_SCOPES = ['desk', 'user', 'account'] as const;
export type KillScope = (typeof KILL_SCOPES)[number];

/** What the audit of limits and switches tells of; backups that were asked for stand there too. */
export const RISK_ACTIONS = [
  'limits',
  'impose',
  'kill',
  'release',
  'plan',
  'arm',
  'disarm',
  'backup',
] as const;

/** Why an order to a live account may not open anything: the operator has live trading off, or its owner. */
export const LIVE_STOPS = ['off', 'disarmed'] as const;
export type LiveStop = (typeof LIVE_STOPS)[number];

/**
 * What the rules look at. What a profile does not need is not fetched and stays undefined; a rule whose
 * facts could not be had denies: a limit that cannot be checked is not kept.
 */
export type RiskFacts = {
  /** Whose kill switch is on, the widest first; null when none is. */
  blocked: KillScope | null;
  /** Null for accounts that trade no real money, and for a live one that is armed. */
  liveStop: LiveStop | null;
  /** In how many places the desk's books differ from the broker's. */
  drifts: number;
  /** Of a multi-leg order the net of its legs, as is `ask`: what selling them as one brings now. */
  bid: string | null;
  ask: string | null;
  last: string | null;
  quoteAgeMs: number | null;
  isMarketOpen: boolean;
  /** Milliseconds since the same order was last sent without a key; null when it was not. */
  sinceSameMs: number | null;
  openOrders?: number;
  ordersToday?: number;
  dayPl?: string;
  /** What the venue says less what orders in doubt may have taken. */
  buyingPower?: string;
  /** Signed shares or contracts held in the order's symbol. */
  heldQty?: string;
  /** Signed contracts held in the symbols of a multi-leg order. */
  heldLegs?: ReadonlyMap<string, string>;
  /** Shares of an option's underlying that cover no call sold before. */
  coveringShares?: string;
  grossExposure?: string;
};

export type RiskOrder = OrderTerms & { symbol: string; hasKey: boolean };
