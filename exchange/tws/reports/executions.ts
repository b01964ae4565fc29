import { divideRounded, formatMoney, formatQty } from '../../decimal/decimal';
import type { Account, Fill } from '../../ledger/account';
import { twsNumberOf } from '../account/number';
import { contractFields, contractOf, ownSymbol } from '../contracts/contract';
import type { Session } from '../session';
import { ERRORS } from '../wire/errors';
import type { FieldReader } from '../wire/field-reader';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';
import { dayBegan, readTime, stamp } from '../wire/times';
import { filledUpTo, formsOf, lineOf } from './order-line';

/** How IB writes a number that is not known: the largest double. */
const UNKNOWN = '1.7976931348623157E308';

/**
 * An execution's id in IB's form, four groups with dots: the first 24 hexadecimal digits of the exchange's own id. The
 * last group counts corrections at IB; here nothing is corrected.
 */
export function execIdOf(executionId: string): string {
  const digits = executionId.replaceAll('-', '');
  return `${digits.slice(0, 8)}.${digits.slice(8, 16)}.${digits.slice(16, 24)}.01`;
}

/** execDetails and commissionReport of an execution; `id` −1 when nobody asked. */
export function executionMessages(
  account: Account,
  fill: Fill,
  id: number,
): { details: Field[]; commission: Field[] } | null {
  const contract = contractOf(fill.order.symbol);
  if (contract === null) return null;
  const execId = execIdOf(fill.executionId);
  const line = lineOf(account, fill.order);
  const total = filledUpTo(account, fill.order, fill.cumQty);
  const details = [
    ANSWERS.executionData,
    id,
    line.orderId,
    ...contractFields(contract, 'ISLAND'),
    execId,
    stamp(fill.at),
    twsNumberOf(account.keyId),
    'ISLAND',
    fill.order.side === 'buy' ? 'BOT' : 'SLD',
    formatQty(fill.qty),
    formatMoney(fill.price),
    line.permId,
    line.clientId,
    // Whether it was a liquidation.
    0,
    formatQty(total),
    formatMoney(averageAt(account, fill, total)),
    // That of the terms it traded under: new terms may have brought another.
    fill.order.tws?.order_ref ?? '',
    // Rule and multiplier of economic value, model; how it met the book; whether its price is to be revised.
    '',
    '',
    '',
    2,
    0,
  ];
  const commission = [
    ANSWERS.commissionReport,
    1,
    execId,
    formatMoney(fill.fee),
    'USD',
    UNKNOWN,
    UNKNOWN,
    '',
  ];
  return { details, commission };
}

/** Mean price of the line up to an execution: a line's executions follow each other, the newest last. */
function averageAt(account: Account, fill: Fill, total: bigint): bigint {
  const forms = new Set(formsOf(account, fill.order));
  let [product, qty] = [0n, 0n];
  for (let at = account.fills.lastIndexOf(fill); at >= 0 && qty < total; at -= 1) {
    const one = account.fills[at];
    if (one === undefined || !forms.has(one.order)) continue;
    product += one.qty * one.price;
    qty += one.qty;
  }
  return qty === 0n ? 0n : divideRounded(product, qty);
}

interface Filter {
  readonly clientId: number;
  readonly account: string;
  readonly since: number;
  readonly symbol: string;
  readonly secType: string;
  readonly side: string;
}

/** reqExecutions: those of the trading day of now that the filter lets through, oldest first. */
export function answerExecutions(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const id = fields.int();
  const [clientId, account, time] = [fields.int(), fields.text(), fields.text()];
  const [symbol, secType] = [fields.text(), fields.text().toUpperCase()];
  fields.skip(1);
  const side = fields.text().toUpperCase();
  const asked = time === '' ? -Infinity : readTime(time);
  if (asked === null) return session.error(id, ERRORS.invalid('Invalid time format in the execution filter'));
  const since = Math.max(asked, dayBegan(session.venue.clock.now()));
  const filter: Filter = { clientId, account, since, symbol: ownSymbol(symbol), secType, side };
  for (const shown of session.accounts()) {
    if (account !== '' && account !== shown.number) continue;
    for (const fill of fillsOf(shown.account, filter)) {
      const messages = executionMessages(shown.account, fill, id);
      if (messages === null) continue;
      session.send(messages.details);
      session.send(messages.commission);
    }
  }
  session.send([ANSWERS.executionDataEnd, 1, id]);
}

function fillsOf(account: Account, filter: Filter): Fill[] {
  const found: Fill[] = [];
  for (let at = account.fills.length - 1; at >= 0; at -= 1) {
    const fill = account.fills[at];
    if (fill === undefined || fill.at < filter.since) break;
    if (passes(fill, filter)) found.push(fill);
  }
  return found.reverse();
}

const BOUGHT: ReadonlySet<string> = new Set(['BUY', 'BOT']);

function passes({ order }: Fill, { clientId, symbol, secType, side }: Filter): boolean {
  const contract = contractOf(order.symbol);
  if (contract === null) return false;
  return (
    // 0 asks for no client in particular.
    (clientId === 0 || clientId === (order.tws?.client_id ?? 0)) &&
    (symbol === '' || symbol === contract.instrument.symbol) &&
    (secType === '' || (secType === 'OPT') === (contract.option !== null)) &&
    (side === '' || BOUGHT.has(side) === (order.side === 'buy'))
  );
}
