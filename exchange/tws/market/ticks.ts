import { isListed } from '../../derivatives/contracts/contract-book';
import { optionMarketOf } from '../../derivatives/option-market';
import { contractNamed } from '../../venue/prices';
import type { Venue } from '../../venue/venue';
import { readContract, type TwsContract } from '../contracts/contract';
import { findContract } from '../contracts/find-contracts';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import type { FieldReader } from '../wire/field-reader';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';

/** Most streams of prices a client has at once (IB: 100 market data lines by default). */
const MOST_TICKERS = 100;

/** IB: tick types. */
const TICKS = {
  bidSize: 0,
  bid: 1,
  ask: 2,
  askSize: 3,
  last: 4,
  lastSize: 5,
  high: 6,
  low: 7,
  volume: 8,
  close: 9,
  open: 14,
  lastTime: 45,
};

/** A client's stream of prices, and what it was last told. */
export interface TickStream {
  readonly contract: TwsContract;
  readonly sent: Map<number, string>;
  /** The day's prices and when they were looked up: unlike quotes that is work. */
  day: { at: number; values: DayValues } | null;
}

interface DayValues {
  readonly today: { open: number; high: number; low: number; volume: number } | null;
  readonly close: number | null;
}

/** How long the day's prices are good for; exchange's time. */
const DAY_VALUES_MS = 15_000;

/** What a symbol's prices are now. Dollars and shares (or contracts); null where there is none. */
interface Seen {
  readonly bid: number | null;
  readonly ask: number | null;
  readonly last: number | null;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
  /** Epoch seconds. */
  readonly lastTime: number;
  readonly day: DayValues;
}

const NO_DAY: DayValues = { today: null, close: null };

const dollars = (micros: number): number | null => (micros > 0 ? micros / 1_000_000 : null);

function dayOf(venue: Venue, stream: TickStream, now: number): DayValues {
  if (stream.day === null || now - stream.day.at >= DAY_VALUES_MS) {
    const { today, previous } = venue.market.dailyBars(stream.contract.symbol, now);
    stream.day = { at: now, values: { today, close: dollars(previous?.close ?? 0) } };
  }
  return stream.day.values;
}

function seenOf(venue: Venue, stream: TickStream): Seen | null {
  const { symbol, option } = stream.contract;
  const now = venue.clock.now();
  if (option === null) {
    const [quote, trade] = [venue.market.quoteAt(symbol, now), venue.market.tradeAt(symbol, now)];
    return {
      bid: dollars(quote?.bid ?? 0),
      ask: dollars(quote?.ask ?? 0),
      last: dollars(trade?.price ?? 0),
      bidSize: quote?.bidSize ?? 0,
      askSize: quote?.askSize ?? 0,
      lastSize: trade?.size ?? 0,
      lastTime: Math.floor((trade?.at ?? 0) / 1000),
      day: dayOf(venue, stream, now),
    };
  }
  const contract = contractNamed(venue.market, symbol);
  if (contract === undefined || !isListed(contract, now)) return null;
  const options = optionMarketOf(venue.market);
  const [quote, trade] = [options.quoteAt(contract, now), options.tradeAt(contract, now)];
  return {
    bid: dollars(quote?.bid ?? 0),
    ask: dollars(quote?.ask ?? 0),
    last: dollars(trade?.price ?? 0),
    bidSize: quote?.bidSize ?? 0,
    askSize: quote?.askSize ?? 0,
    lastSize: trade?.size ?? 0,
    lastTime: Math.floor((trade?.at ?? 0) / 1000),
    day: NO_DAY,
  };
}

/** Messages for what has changed since it was last told. */
function changesOf(id: number, { sent }: TickStream, seen: Seen): Field[][] {
  const messages: Field[][] = [];
  const tell = (type: number, text: string, message: Field[]): void => {
    if (sent.get(type) === text) return;
    sent.set(type, text);
    messages.push(message);
  };
  // −1: nobody bids or offers.
  const price = (type: number, value: number | null, size: number): void =>
    tell(type, `${value} ${size}`, [
      ANSWERS.tickPrice,
      6,
      id,
      type,
      value ?? -1,
      value === null ? 0 : size,
      0,
    ]);
  const size = (type: number, value: number): void =>
    tell(type, String(value), [ANSWERS.tickSize, 6, id, type, value]);
  price(TICKS.bid, seen.bid, seen.bidSize);
  size(TICKS.bidSize, seen.bid === null ? 0 : seen.bidSize);
  price(TICKS.ask, seen.ask, seen.askSize);
  size(TICKS.askSize, seen.ask === null ? 0 : seen.askSize);
  if (seen.last !== null) {
    price(TICKS.last, seen.last, seen.lastSize);
    size(TICKS.lastSize, seen.lastSize);
    tell(TICKS.lastTime, String(seen.lastTime), [ANSWERS.tickString, 6, id, TICKS.lastTime, seen.lastTime]);
  }
  const { today, close } = seen.day;
  if (today !== null) {
    price(TICKS.open, dollars(today.open), 0);
    price(TICKS.high, dollars(today.high), 0);
    price(TICKS.low, dollars(today.low), 0);
    size(TICKS.volume, Math.round(today.volume));
  }
  if (close !== null) price(TICKS.close, close, 0);
  return messages;
}

/** reqMktData: the prices of now, once (snapshot) or as they change. */
export function answerMarketData(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const id = fields.int();
  const spec = readContract(fields);
  // A delta-neutral contract, generic ticks.
  const deltaNeutral = fields.flag();
  if (spec.secType === 'BAG' || deltaNeutral) return session.error(id, ERRORS.noContract);
  fields.skip(1);
  const snapshot = fields.flag();
  const { tickers } = session.subscriptions;
  if (tickers.has(id)) throw new TwsRefusal(ERRORS.duplicateTicker);
  if (!snapshot && tickers.size >= MOST_TICKERS) throw new TwsRefusal(ERRORS.tooManyTickers);
  const contract = findContract(session.venue, spec);
  const stream: TickStream = { contract, sent: new Map(), day: null };
  // 1: live prices, whatever kind was asked for.
  session.send([ANSWERS.marketDataType, 1, id, 1]);
  session.send([ANSWERS.tickRequestParameters, id, 0.01, '9c0001', 3]);
  sendTicks(session, id, stream);
  if (snapshot) session.send([ANSWERS.tickSnapshotEnd, 1, id]);
  else tickers.set(id, stream);
}

/** cancelMktData. */
export function cancelMarketData(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const id = fields.int();
  if (!session.subscriptions.tickers.delete(id)) throw new TwsRefusal(ERRORS.noTicker(id));
}

export function sendTicks(session: Session, id: number, stream: TickStream): void {
  const seen = seenOf(session.venue, stream);
  if (seen === null) return;
  for (const message of changesOf(id, stream, seen)) session.send(message);
}
