import { isoDate, newYorkDay, newYorkMinute } from '../../clock/new-york';
import { sessionOf } from '../../clock/calendar';
import { INSTRUMENTS } from '../../market/instruments';
import { OPTION_UNDERLYINGS } from '../../derivatives/contracts/underlyings';
import type { Venue } from '../../venue/venue';
import type { Session } from '../session';
import type { FieldReader } from '../wire/field-reader';
import { ERRORS } from '../wire/errors';
import { ANSWERS } from '../wire/message-ids';
import type { Field } from '../wire/frame';
import { compactDate, ZONE } from '../wire/times';
import { conIdOf } from './con-ids';
import { ownSymbol, partsOf, readContract, type TwsContract, twsSymbol } from './contract';
import { findContracts } from './find-contracts';
import { optionMarketOf } from '../../derivatives/option-market';

const ORDER_TYPES = 'ACTIVETIM,DAY,FOK,GTC,IOC,LMT,MKT,OPG,STP,STPLMT,TRAIL';
/** As IB writes the exchanges of our listings. */
const LISTED_ON: Readonly<Record<string, string>> = { NASDAQ: 'NASDAQ', NYSE: 'NYSE', ARCA: 'ARCA' };

/** reqContractDetails. */
export function answerContractDetails(session: Session, fields: FieldReader): void {
  // The version of the message.
  fields.skip(1);
  const id = fields.int();
  const found = findContracts(session.venue, readContract(fields));
  if (found.length === 0) return session.error(id, ERRORS.noContract);
  for (const contract of found) session.send(detailFields(session.venue, id, contract));
  session.send([ANSWERS.contractDataEnd, 1, id]);
}

function detailFields(venue: Venue, id: number, contract: TwsContract): Field[] {
  const of = partsOf(contract);
  const { instrument, option } = contract;
  const hours = tradingHours(venue);
  return [
    ANSWERS.contractData,
    id,
    of.symbol,
    of.secType,
    of.expiry,
    of.strike,
    of.right,
    'SMART',
    of.currency,
    of.localSymbol,
    // The name of its market.
    option === null ? of.tradingClass : of.symbol,
    of.tradingClass,
    of.conId,
    0.01,
    of.multiplier,
    ORDER_TYPES,
    `SMART,${LISTED_ON[instrument.exchange] ?? ''}`,
    1,
    option === null ? 0 : conIdOf(instrument.symbol),
    instrument.name,
    option === null ? (LISTED_ON[instrument.exchange] ?? '') : '',
    option === null ? '' : of.expiry.slice(0, 6),
    // Industry, category, subcategory.
    instrument.sector,
    instrument.sector,
    '',
    ZONE,
    hours.trading,
    hours.liquid,
    // Rule and multiplier of economic value, list of other ids, aggregated group.
    '',
    0,
    0,
    1,
    option === null ? '' : of.symbol,
    option === null ? '' : 'STK',
    '26',
    option === null ? '' : of.expiry,
    option === null ? (instrument.sector === 'fund' ? 'ETF' : 'COMMON') : '',
    // Least size and steps of it.
    1,
    1,
    1,
  ];
}

/** Hours of the next days: `20261130:0930-20261130:1600;…`, with the early and late sessions and without. */
function tradingHours(venue: Venue): { trading: string; liquid: string } {
  const today = newYorkDay(venue.clock.now());
  const days = Array.from({ length: 5 }, (_, index) => today + index);
  const write = (day: number, span: { from: number; to: number } | null): string => {
    if (span === null) return `${compactDate(day)}:CLOSED`;
    const at = (instant: number): string => {
      const minute = newYorkMinute(instant);
      const clock = String(Math.floor(minute / 60) * 100 + (minute % 60)).padStart(4, '0');
      return `${isoDate(newYorkDay(instant)).replaceAll('-', '')}:${clock}`;
    };
    return `${at(span.from)}-${at(span.to)}`;
  };
  const trading = days.map((day) => {
    const session = sessionOf(day);
    return write(day, session === null ? null : { from: session.preOpen, to: session.postClose });
  });
  const liquid = days.map((day) => {
    const session = sessionOf(day);
    return write(day, session === null ? null : { from: session.open, to: session.close });
  });
  return { trading: trading.join(';'), liquid: liquid.join(';') };
}

const MOST_SAMPLES = 16;

/** reqMatchingSymbols: stocks whose symbol begins with the pattern, or whose name has it. */
export function answerMatchingSymbols(session: Session, fields: FieldReader): void {
  const id = fields.int();
  const pattern = ownSymbol(fields.text());
  const all = [...INSTRUMENTS.values()];
  const begin = all.filter(({ symbol }) => symbol.startsWith(pattern));
  const named = all.filter(({ name }) => name.toUpperCase().includes(pattern));
  const found = pattern === '' ? [] : [...new Set([...begin, ...named])].slice(0, MOST_SAMPLES);
  const samples = found.flatMap((instrument): Field[] => [
    conIdOf(instrument.symbol),
    twsSymbol(instrument.symbol),
    'STK',
    LISTED_ON[instrument.exchange] ?? '',
    'USD',
    ...(OPTION_UNDERLYINGS.has(instrument.symbol) ? [1, 'OPT'] : [0]),
    instrument.name,
    '',
  ]);
  session.send([ANSWERS.symbolSamples, id, found.length, ...samples]);
}

/** reqSecDefOptParams: the expiries and strikes of an underlying's options. */
export function answerOptionParameters(session: Session, fields: FieldReader): void {
  const { venue } = session;
  const id = fields.int();
  const root = ownSymbol(fields.text());
  const today = newYorkDay(venue.clock.now());
  const expiries = new Set<number>();
  const strikes = new Set<number>();
  const { contracts } = optionMarketOf(venue.market);
  for (const { expiry, strike, suffix } of contracts.list(root, today, { from: today, to: today + 1_500 })) {
    if (suffix !== 0) continue;
    expiries.add(expiry);
    strikes.add(strike);
  }
  if (expiries.size > 0) {
    const dates = [...expiries].sort((a, b) => a - b).map(compactDate);
    const levels = [...strikes].sort((a, b) => a - b);
    const head = [ANSWERS.optionParameters, id, 'SMART', conIdOf(root), root, '100'];
    session.send([...head, dates.length, ...dates, levels.length, ...levels]);
  }
  session.send([ANSWERS.optionParametersEnd, id]);
}
