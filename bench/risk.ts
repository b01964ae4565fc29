import type { RiskFacts, RiskOrder } from '@/domain/risk/facts';
import type { RiskProfile } from '@/domain/risk/profile';
import { riskDenials } from '@/domain/risk/rules';
import { quantile } from './figures';

const ROUNDS = 20_000;

const ORDER: RiskOrder = {
  symbol: 'AAPL',
  side: 'buy',
  type: 'limit',
  limitPrice: '100',
  timeInForce: 'day',
  orderClass: 'simple',
  extendedHours: false,
  qty: '10',
  hasKey: false,
};
const FACTS: RiskFacts = {
  blocked: null,
  liveStop: null,
  buyingPower: '100000',
  drifts: 0,
  bid: '99',
  ask: '100',
  last: '99.5',
  quoteAgeMs: 500,
  isMarketOpen: true,
  sinceSameMs: null,
  openOrders: 5,
  ordersToday: 50,
  dayPl: '-12.5',
  heldQty: '7',
  grossExposure: '2500',
};
/** Every rule is on, and the order passes them all. */
const EVERYTHING: RiskProfile = {
  maxOrderNotional: '5000',
  maxOrderQty: '100',
  maxPositionNotional: '50000',
  maxGrossExposure: '80000',
  maxOpenOrders: 100,
  maxDailyLoss: '1000',
  maxOrdersADay: 1000,
  allowedSymbols: ['AAPL', 'MSFT', 'SPY'],
  priceCollarPercent: 5,
  staleQuoteSeconds: 60,
  duplicateSeconds: 2,
  allowedClasses: ['us_equity'],
  maxOptionsLevel: 3,
  regularHoursOnly: true,
  checkBuyingPower: true,
  onDrift: 'block',
};

/** How long all rules together take over one order; its facts are at hand. */
export function benchRisk(print: (line: string) => void): void {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    const denials = riskDenials(ORDER, FACTS, EVERYTHING);
    times.push((performance.now() - before) * 1_000);
    if (denials.length > 0) throw new Error(`the order was denied: ${denials[0]?.message}`);
  }
  const micros = (share: number) => `${quantile(times, share).toFixed(0)} µs`;
  print(`all risk rules over one order: p50 ${micros(0.5)}, p99 ${micros(0.99)}, worst ${micros(1)}`);
}
