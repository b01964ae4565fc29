/** What holding costs and brings, beyond the price: Alpaca's paper trading knows none of it. */
export interface HoldingRules {
  /** Dividends are paid to those who are long, and by those who are short. */
  readonly dividends: boolean;
  /** Borrowed shares and borrowed money cost. */
  readonly carry: boolean;
  /** Calls sold are assigned before an ex-date when their holders gain by it. */
  readonly earlyAssignment: boolean;
}

export const NO_HOLDING_RULES: HoldingRules = { dividends: false, carry: false, earlyAssignment: false };
