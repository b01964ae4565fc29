import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import type { OrderSide } from '@/domain/order/order';
import { symbolOf } from './contracts';
import { parseIbTime } from './ib-time';
import { decimal, price } from './parse-order';

/** An execution as IB tells it. */
export type IbExecution = {
  /** Without the number of its correction: what posts once. */
  id: string;
  /** As IB wrote it, with that number: `….01` at first, `….02` corrected. */
  execId: string;
  account: string;
  permId: number;
  ref: string;
  symbol: string;
  side: OrderSide;
  qty: string;
  price: string;
  at: string;
};

/** What IB took for an execution, dollars; negative when it paid. */
export type IbCommission = { id: string; execId: string; amount: string };

/**
 * The id of an execution without its last part, which counts its corrections (IBKR Campus, TWS API: "if a
 * correction to an execution is published … the execution ID is the same except for the digits after the final
 * period").
 */
export function baseOf(execId: string): string {
  const at = execId.lastIndexOf('.');
  return at > 0 && /^\d+$/.test(execId.slice(at + 1)) ? execId.slice(0, at) : execId;
}

/** Null for what the desk does not hold. */
export function parseExecution(contract: Contract, execution: Execution): IbExecution | null {
  const symbol = symbolOf(contract);
  const { execId, acctNumber: account, permId = 0, side } = execution;
  const qty = price(execution.shares);
  const paid = decimal(execution.price);
  const at = parseIbTime(execution.time);
  if (symbol === null || !execId || account === undefined || permId <= 0) return null;
  if (qty === null || paid === null || at === null) return null;
  return {
    id: baseOf(execId),
    execId,
    account,
    permId,
    ref: execution.orderRef ?? '',
    symbol,
    // BOT and SLD, sometimes spelled out.
    side: side?.toUpperCase().startsWith('B') === true ? 'buy' : 'sell',
    qty,
    price: paid,
    at,
  };
}

export function parseCommission({ execId, commission, currency }: CommissionReport): IbCommission | null {
  const amount = decimal(commission);
  if (!execId || amount === null || (currency ?? 'USD') !== 'USD') return null;
  return { id: baseOf(execId), execId, amount };
}
