import { newYorkDay } from '../../clock/new-york';
import { optionMarketOf } from '../../derivatives/option-market';
import { takeTurns } from '../../http/data/turns';
import type { Bar } from '../../market/ticks';
import { contractNamed } from '../../venue/prices';
import type { Venue } from '../../venue/venue';
import type { TwsContract } from '../contracts/contract';
import { findContract } from '../contracts/find-contracts';
import type { Session } from '../session';
import type { FieldReader } from '../wire/field-reader';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';
import { compactDate, stamp } from '../wire/times';
import { type BarRequest, isRegular, readBarRequest } from './bar-request';

/** reqHistoricalData: all bars in one message. Long work lets others in between. */
export async function answerHistory(session: Session, fields: FieldReader): Promise<void> {
  const { venue } = session;
  const request = readBarRequest(venue, fields);
  const contract = findContract(venue, request.contract);
  const turn = takeTurns();
  const { frame, span, regularHours } = request;
  if (frame.unit !== 'minute') for (const _ of workOf(venue, contract, request)) await turn();
  const bars: Bar[] = [];
  for (const bar of barsOf(venue, contract, request)) {
    if (frame.unit !== 'minute' || !regularHours || isRegular(venue, bar.start)) bars.push(bar);
    await turn();
  }
  const head = [ANSWERS.historicalData, request.id, stamp(span.from), stamp(span.to), bars.length];
  session.send([...head, ...bars.flatMap((bar) => barFields(bar, request))]);
}

function* workOf(venue: Venue, contract: TwsContract, { frame, span }: BarRequest): Generator<Bar> {
  const now = venue.clock.now();
  if (contract.option === null) yield* venue.market.dailyWork(contract.symbol, frame, span, now);
  else {
    const option = contractNamed(venue.market, contract.symbol);
    if (option !== undefined) yield* optionMarketOf(venue.market).dailyWork(option, span, now);
  }
}

function* barsOf(venue: Venue, contract: TwsContract, { frame, span, adjusted }: BarRequest): Generator<Bar> {
  const now = venue.clock.now();
  if (contract.option === null) {
    // IB: trades are corrected for splits, adjusted prices for dividends too.
    yield* venue.market.adjustedBars(contract.symbol, frame, span, { now, split: true, dividend: adjusted });
    return;
  }
  const option = contractNamed(venue.market, contract.symbol);
  if (option !== undefined) yield* optionMarketOf(venue.market).frameBars(option, frame, span, now);
}

const dollars = (micros: number): number => micros / 1_000_000;

function barFields(
  { start, open, high, low, close, volume, vwap, trades }: Bar,
  { frame, dates }: BarRequest,
): Field[] {
  // A day is a day, however times are written.
  const wide = frame.unit !== 'minute';
  const date = wide ? compactDate(newYorkDay(start)) : dates === 2 ? Math.floor(start / 1_000) : stamp(start);
  const prices = [open, high, low, close].map(dollars);
  return [date, ...prices, Math.round(volume), Number(dollars(vwap).toFixed(6)), trades];
}
