import { scaleOf, worthIn } from '../../assets/asset';
import { divideRounded, formatMoney, formatQty, ONE_SHARE } from '../../decimal/decimal';
import type { Position } from '../../ledger/account';
import type { Venue } from '../../venue/venue';
import { contractOf, partsOf } from '../contracts/contract';
import { accountNamed } from '../orders/own-order';
import type { Session } from '../session';
import type { FieldReader } from '../wire/field-reader';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';
import { stamp } from '../wire/times';
import { averageCost } from './positions';
import { valuesOf } from './summary';

/** reqAccountUpdates: values and holdings of one account. IB tells of changes every three minutes; so is it here. */
export interface UpdateStream {
  readonly number: string;
  readonly sent: Map<string, string>;
  lookedAt: number;
}

const EVERY_MS = 180_000;

export function answerAccountUpdates(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const subscribes = fields.flag();
  if (!subscribes) {
    session.subscriptions.updates = null;
    return;
  }
  const { number } = accountNamed(session, fields.text());
  const stream = { number, sent: new Map<string, string>(), lookedAt: Date.now() };
  session.subscriptions.updates = stream;
  send(session, stream);
  session.send([ANSWERS.accountDownloadEnd, 1, number]);
}

/** reqAccountUpdatesMulti: an account's values, once. */
export function answerUpdatesMulti(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const id = fields.int();
  const { number, account } = accountNamed(session, fields.text());
  for (const [tag, { value, currency }] of valuesOf(session.venue, account)) {
    session.send([ANSWERS.accountUpdateMulti, 1, id, number, '', tag, value, currency]);
  }
  session.send([ANSWERS.accountUpdateMultiEnd, 1, id]);
}

/** Sends what is due. */
export function sendUpdates(session: Session): void {
  const stream = session.subscriptions.updates;
  if (stream === null || Date.now() - stream.lookedAt < EVERY_MS) return;
  stream.lookedAt = Date.now();
  send(session, stream);
}

function send(session: Session, { number, sent }: UpdateStream): void {
  const { venue } = session;
  const shown = session.accounts().find((one) => one.number === number);
  if (shown === undefined) return;
  const tell = (key: string, message: Field[]): void => {
    const text = message.join(' ');
    if (sent.get(key) === text) return;
    sent.set(key, text);
    session.send(message);
  };
  for (const [tag, { value, currency }] of valuesOf(venue, shown.account)) {
    tell(tag, [ANSWERS.accountValue, 2, tag, value, currency, number]);
  }
  for (const position of shown.account.positions.values()) {
    const message = portfolioFields(venue, { position, number });
    if (message !== null) tell(`position ${position.symbol}`, message);
  }
  session.send([ANSWERS.accountUpdateTime, 1, stamp(venue.clock.now()).slice(9, 14)]);
}

function portfolioFields(
  venue: Venue,
  { position, number }: { position: Position; number: string },
): Field[] | null {
  const contract = contractOf(position.symbol);
  if (contract === null) return null;
  const of = partsOf(contract);
  const price = venue.priceAt(position.symbol, venue.clock.now()) ?? 0n;
  const value = worthIn(position.symbol, position.qty, price);
  const cost = divideRounded(scaleOf(position.symbol, position.cost), ONE_SHARE);
  return [
    ANSWERS.portfolioValue,
    8,
    of.conId,
    of.symbol,
    of.secType,
    of.expiry,
    of.strike,
    of.right,
    of.multiplier,
    contract.instrument.exchange,
    of.currency,
    of.localSymbol,
    of.tradingClass,
    formatQty(position.qty),
    formatMoney(price),
    formatMoney(value),
    formatMoney(averageCost(position, contract.option !== null)),
    formatMoney(value - cost),
    // Gains of before are not kept by symbol.
    0,
    number,
  ];
}
