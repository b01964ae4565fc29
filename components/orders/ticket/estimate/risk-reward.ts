import { exact } from '@/domain/money';
import type { OrderTerms } from '@/domain/order/order-rules';

/** What the exits of an order make of it, in dollars to the cent: signed, so a stop above the entry can gain. */
export type RiskReward = {
  reward: string | null;
  risk: string | null;
  /** Reward for each dollar at risk, to one decimal; null without both, or without a risk. */
  ratio: string | null;
};

/**
 * Reckons from the price the entry is expected at. A stop fills at its limit if it has one; a market
 * stop may fill worse than its trigger. Null without exits, entry price or quantity.
 */
export function riskReward(terms: OrderTerms, entry: string | null, qty: string | null): RiskReward | null {
  const { takeProfit, stopLoss, side } = terms;
  if ((takeProfit === undefined && stopLoss === undefined) || entry === null || qty === null) return null;
  const result = (exit: string) => {
    const move = exact(exit).minus(entry).times(qty);
    return (side === 'buy' ? move : move.negated()).toFixed(2);
  };
  const reward = takeProfit === undefined ? null : result(takeProfit.limitPrice);
  const risk = stopLoss === undefined ? null : result(stopLoss.limitPrice ?? stopLoss.stopPrice);
  const hasRatio = reward !== null && risk !== null && exact(risk).lt(0) && exact(reward).gt(0);
  return { reward, risk, ratio: hasRatio ? exact(reward).div(exact(risk).abs()).toFixed(1) : null };
}
