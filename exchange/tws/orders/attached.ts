import type { Account } from '../../ledger/account';
import type { OrderRequest, StopLoss } from '../../orders/order-request';
import { findContract } from '../contracts/find-contracts';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { requestOf } from './order-terms';
import { accountNamed } from './own-order';
import type { PlacedOrder } from './read-order';

const refuse = (why: string): never => {
  throw new TwsRefusal(ERRORS.rejected(why));
};

/** Forgets an order that was not to be sent yet, and what was to be attached to it. */
export function dropDraft({ subscriptions: { drafts } }: Session, orderId: number): boolean {
  if (!drafts.delete(orderId)) return false;
  for (const [id, { parentId }] of drafts) if (parentId === orderId) drafts.delete(id);
  return true;
}

/**
 * Makes one order of a parent and the exits that wait for it, when the last of them comes. The exchange has brackets of
 * a market or limit order with a limit order to take the profit, a stop (with a limit or without) against the loss, or
 * one of the two; what IB would take besides is refused. A refusal is told of all of them, and all are forgotten; of
 * the last one the caller tells, by the `TwsRefusal` that is thrown.
 */
export function placeFamily(
  session: Session,
  last: PlacedOrder,
  {
    account,
    exit,
    submit,
  }: { account: Account; exit: OrderRequest; submit: (request: OrderRequest) => void },
): void {
  const { drafts } = session.subscriptions;
  const parent =
    drafts.get(last.parentId) ?? refuse('Attached orders must be sent together with their parent.');
  const waiting = [...drafts.values()].filter(({ parentId }) => parentId === last.parentId);
  dropDraft(session, last.parentId);
  try {
    const symbolOf = (one: PlacedOrder): string => findContract(session.venue, one.contract).symbol;
    if (accountNamed(session, parent.account).account !== account)
      refuse('Attached orders must have one account.');
    const entry = requestOf(session, parent, symbolOf(parent));
    submit(join(entry, [...waiting.map((one) => requestOf(session, one, symbolOf(one))), exit]));
  } catch (error) {
    if (error instanceof TwsRefusal) {
      for (const { orderId } of [parent, ...waiting]) session.error(orderId, error.error);
    }
    throw error;
  }
}

function join(entry: OrderRequest, exits: readonly OrderRequest[]): OrderRequest {
  for (const exit of exits) {
    if (exit.symbol !== entry.symbol || exit.side === entry.side || exit.qty !== entry.qty) {
      refuse('An attached order must be for the other side of the same contract and quantity.');
    }
    if (exit.timeInForce !== entry.timeInForce)
      refuse('Attached orders must have the time in force of their parent.');
    if (exit.extendedHours || entry.extendedHours) refuse('Attached orders trade in regular hours alone.');
  }
  const profits = exits.filter(({ type }) => type === 'limit');
  const losses = exits.filter(({ type }) => type === 'stop' || type === 'stop_limit');
  const [profit, loss] = [profits[0], losses[0]];
  if (profits.length > 1 || losses.length > 1 || profits.length + losses.length !== exits.length) {
    refuse('At most one limit order and one stop can be attached.');
  }
  const both = profit !== undefined && loss !== undefined;
  return {
    ...entry,
    orderClass: both ? 'bracket' : 'oto',
    takeProfit: profit?.limitPrice ?? null,
    stopLoss: stopOf(loss),
    exitTws: { takeProfit: profit?.tws, stopLoss: loss?.tws },
  };
}

function stopOf(loss: OrderRequest | undefined): StopLoss | null {
  if (loss === undefined || loss.stopPrice === null) return null;
  return { stopPrice: loss.stopPrice, limitPrice: loss.limitPrice };
}
