import { divideRounded, formatMoney, formatQty } from '../../decimal/decimal';
import type { Position } from '../../ledger/account';
import { contractFields, contractOf } from '../contracts/contract';
import type { Session } from '../session';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';

/** What a client was last told, by account and symbol. */
export type SentPositions = Map<string, string>;

/** IB counts the cost of an option for the contract, not for the share. */
export function averageCost({ qty, cost }: Position, isOption: boolean): bigint {
  return qty === 0n ? 0n : divideRounded(cost * (isOption ? 100n : 1n), qty);
}

function positionFields(number: string, position: Position): Field[] | null {
  const contract = contractOf(position.symbol);
  if (contract === null) return null;
  const cost = formatMoney(averageCost(position, contract.option !== null));
  return [ANSWERS.position, 3, number, ...contractFields(contract, ''), formatQty(position.qty), cost];
}

/** reqPositions: all of them now, and from then on what changes. */
export function answerPositions(session: Session): void {
  session.subscriptions.positions = new Map();
  sendPositions(session);
  session.send([ANSWERS.positionEnd, 1]);
}

/** Sends what has changed since it was last sent; a position that is gone is told as none. */
export function sendPositions(session: Session): void {
  const sent = session.subscriptions.positions;
  if (sent === null) return;
  const seen = new Set<string>();
  for (const { number, account } of session.accounts()) {
    for (const position of account.positions.values()) {
      const key = `${number}/${position.symbol}`;
      seen.add(key);
      const text = `${position.qty}/${position.cost}`;
      if (sent.get(key) === text) continue;
      const fields = positionFields(number, position);
      if (fields === null) continue;
      sent.set(key, text);
      session.send(fields);
    }
  }
  for (const key of sent.keys()) {
    if (seen.has(key)) continue;
    sent.delete(key);
    const [number = '', symbol = ''] = key.split('/');
    const gone = { symbol, qty: 0n, cost: 0n, openedAt: 0 };
    const fields = positionFields(number, gone);
    if (fields !== null) session.send(fields);
  }
}
