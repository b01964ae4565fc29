import { sessionOf } from '../clock/calendar';
import { instantOf, isoDate, weekdayOf } from '../clock/new-york';
import { tradingDayBefore } from '../market/company/company-calendar';
import { type EarningsReport, reportsBetween } from '../market/company/earnings';
import { bits, keyOf } from '../market/hash';
import type { Instrument } from '../market/instruments';
import type { Market } from '../market/market';
import type { Story } from './article';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const QUARTERS = ['first', 'second', 'third', 'fourth'];
/** A dividend is declared at most so many days before its ex-day. */
const MOST_NOTICE = 32;
/** A move that is worth a story, in usual days' worth. */
const NOTABLE = 1.8;

const pick = (lines: readonly string[], draw: number): string => lines[draw % lines.length] ?? '';
const shortName = ({ name }: Instrument): string =>
  name
    .replace(/ (?:Common Stock|Capital Stock|Class [A-C].*|, Series 1)$/, '')
    .replace(/,? (?:Inc|Corporation|Incorporated|Company)\.?$/, '');
const tag = (instrument: Instrument): string[] => [instrument.symbol.replace('/', '')];
const key = (market: Market, instrument: Instrument): number =>
  keyOf(market.seed, `${instrument.symbol}/news`);

/** On the morning after: what moved a lot. Nothing is told before it has happened. */
export function recapStory(market: Market, instrument: Instrument, day: number): Story | null {
  const before = instrument.sector === 'crypto' ? day - 1 : tradingDayBefore(day);
  if (instrument.sector !== 'crypto' && sessionOf(day) === null) return null;
  const earlier = instrument.sector === 'crypto' ? before - 1 : tradingDayBefore(before);
  const [last, first] = [
    market.closeOf(instrument.symbol, before),
    market.closeOf(instrument.symbol, earlier),
  ];
  if (last === undefined || first === undefined) return null;
  if (market.events(instrument.symbol, before).some(({ event }) => event.exDay === before)) return null;
  const change = (last / first - 1) * 100;
  if (Math.abs(change) < NOTABLE * instrument.volatility * 100) return null;
  const draw = bits(key(market, instrument), day, 1, 0);
  const size = `${Math.abs(change).toFixed(1)}%`;
  const name = shortName(instrument);
  const weekday = WEEKDAYS[weekdayOf(before)] ?? '';
  const up = [
    `${name} Gains ${size} On ${weekday}`,
    `Buyers Return To ${name}: Up ${size}`,
    `${instrument.symbol} Adds ${size} As Volume Picks Up`,
  ];
  const down = [
    `${name} Loses ${size} On ${weekday}`,
    `Sellers Press ${name}: Down ${size}`,
    `${instrument.symbol} Gives Up ${size} In A Busy Session`,
  ];
  return {
    at: instantOf(day, 6 * 60 + (draw % 150)) + (draw % 60) * 1000,
    headline: pick(change > 0 ? up : down, draw >>> 8),
    body: `${name} closed at $${last.toFixed(2)} on ${weekday}, ${change > 0 ? 'up' : 'down'} ${size} from $${first.toFixed(2)} the day before.`,
    symbols: tag(instrument),
  };
}

/** When a company reports: that it did, and what it said about itself. */
export function reportStory(market: Market, instrument: Instrument, report: EarningsReport): Story {
  const draw = bits(key(market, instrument), report.day, 2, 0);
  const name = shortName(instrument);
  const quarter = QUARTERS[report.quarter - 1] ?? '';
  const session = sessionOf(report.day);
  const bell =
    report.timing === 'before_open' ? instantOf(report.day, 6 * 60 + 30) : (session?.close ?? 0) + 5 * 60_000;
  const tone =
    report.jump > instrument.volatility
      ? ['ahead of what analysts had pencilled in', 'with a brighter outlook than expected']
      : report.jump < -instrument.volatility
        ? ['short of what analysts had pencilled in', 'with a more careful outlook than expected']
        : ['about as expected', 'with little to surprise either side'];
  return {
    at: bell + (draw % 240) * 1000,
    headline: `${name} Reports ${quarter.slice(0, 1).toUpperCase()}${quarter.slice(1)}-Quarter Results ${report.timing === 'before_open' ? 'Before The Open' : 'After The Close'}`,
    body: `${name} published its results for the ${quarter} quarter of ${report.year}, ${pick(tone, draw >>> 8)}.`,
    symbols: tag(instrument),
  };
}

/** Declared dividends and splits that come into force. */
export function companyStories(market: Market, instrument: Instrument, day: number): Story[] {
  const name = shortName(instrument);
  const stories: Story[] = [];
  for (const { event, cash } of market.events(instrument.symbol, day + MOST_NOTICE)) {
    const at = instantOf(day, 8 * 60 + (bits(key(market, instrument), day, 3, 0) % 60));
    if (event.kind === 'dividend' && event.declarationDay === day) {
      stories.push({
        at,
        headline: `${name} Declares Quarterly Dividend`,
        body: `${name} will pay about $${cash.toFixed(2)} a share on ${isoDate(event.payDay)} to holders before ${isoDate(event.exDay)}.`,
        symbols: tag(instrument),
      });
    }
    if (event.kind === 'split' && event.exDay === day) {
      stories.push({
        at,
        headline: `${name} Begins Trading After ${event.newRate}-For-${event.oldRate} Split`,
        body: `From today ${event.oldRate} old share${event.oldRate > 1 ? 's' : ''} of ${name} count as ${event.newRate}.`,
        symbols: tag(instrument),
      });
    }
  }
  return stories;
}

const NOTES: readonly (readonly [string, string])[] = [
  ['What Options Traders Watch In %s This Week', 'Open interest in %s has gathered around a few strikes.'],
  [
    '%s: Three Questions For The Coming Quarter',
    'Margins, demand and spending are what holders of %s ask about most.',
  ],
  [
    'Desk Note: Liquidity In %s Stays Deep',
    'Spreads in %s were close to their usual width through the session.',
  ],
  ['How %s Compares With Its Sector', 'Over the past months %s has mostly moved with its group.'],
  [
    '%s On The Watch List Of Short-Term Traders',
    'Short-term traders name %s among the liquid names they follow.',
  ],
];

/** A note on an ordinary day, for about one symbol in five. */
export function noteStory(market: Market, instrument: Instrument, day: number): Story | null {
  const draw = bits(key(market, instrument), day, 4, 0);
  if (draw % 5 !== 0) return null;
  const [headline = '', body = ''] = NOTES[(draw >>> 8) % NOTES.length] ?? [];
  const name = shortName(instrument);
  const at = instantOf(day, 0) + 7 * 3_600_000 + ((draw >>> 4) % (11 * 3_600)) * 1000;
  return {
    at,
    headline: headline.replace('%s', name),
    body: body.replace('%s', name),
    symbols: tag(instrument),
  };
}

/** Reports by day, for a year. */
export function reportsOfYear(
  market: Market,
  instruments: Iterable<Instrument>,
  year: number,
): Map<number, [Instrument, EarningsReport][]> {
  const found = new Map<number, [Instrument, EarningsReport][]>();
  for (const instrument of instruments) {
    for (const report of reportsBetween(market.seed, instrument, { from: year - 1, to: year })) {
      const list = found.get(report.day) ?? [];
      list.push([instrument, report]);
      found.set(report.day, list);
    }
  }
  return found;
}
