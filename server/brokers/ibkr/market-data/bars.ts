import { BarSizeSetting, EventName, WhatToShow } from '@stoqey/ib';
import type { Bar, Timeframe } from '@/domain/market/bar';
import { TIMEFRAME_SECONDS } from '@/domain/market/bar';
import type { BarsRequest } from '@/server/brokers/ports';
import type { Gateway } from '../gateway/gateway';
import type { Asking } from '../gateway/requests';
import { contractOf } from '../wire/contracts';
import { parseEpochSeconds, zoned } from '../wire/ib-time';
import { price } from '../wire/parse-order';

const SIZES: Record<Timeframe, BarSizeSetting> = {
  '1Min': BarSizeSetting.MINUTES_ONE,
  '5Min': BarSizeSetting.MINUTES_FIVE,
  '15Min': BarSizeSetting.MINUTES_FIFTEEN,
  '1Hour': BarSizeSetting.HOURS_ONE,
  '1Day': BarSizeSetting.DAYS_ONE,
};

const DAY_MS = 86_400_000;
const EPOCH_SECONDS = 2;

/** Bars between two times, or the newest ones; the token of a next page is the time of its first bar. */
export async function readBars(gateway: Gateway, request: BarsRequest, now: number) {
  const { symbol, timeframe, end, limit } = request;
  const start = request.pageToken ?? request.start;
  const until = end === null ? now : Math.min(now, Date.parse(end));
  const from = start === null ? until - reachBack(timeframe, limit) : Date.parse(start);
  const told = await gateway.ask('its bars', (asking: Asking<Bar[]>) => {
    askBars(asking, { symbol, timeframe, until, spanMs: Math.max(until - from, 60_000) });
  });
  const bars = told
    .filter(({ time }) => Date.parse(time) >= from && Date.parse(time) <= until)
    .toSorted((a, b) => a.time.localeCompare(b.time));
  if (start === null) return { bars: bars.slice(-limit), nextPageToken: null };
  return { bars: bars.slice(0, limit), nextPageToken: bars[limit]?.time ?? null };
}

type Wanted = { symbol: string; timeframe: Timeframe; until: number; spanMs: number };

function askBars({ api, reqId, done, after }: Asking<Bar[]>, wanted: Wanted): void {
  const bars: Bar[] = [];
  const take = (
    id: number,
    time: string,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    count: number | undefined,
    average: number,
  ) => {
    if (id !== reqId) return;
    // The end comes as a bar whose time says so.
    if (time.startsWith('finished')) return done(bars);
    const at = barTime(time);
    const prices = { open: price(open), high: price(high), low: price(low), close: price(close) };
    if (at === null || prices.open === null || prices.high === null) return;
    if (prices.low === null || prices.close === null) return;
    bars.push({
      time: at,
      open: prices.open,
      high: prices.high,
      low: prices.low,
      close: prices.close,
      volume: Math.max(0, volume),
      vwap: price(average),
      trades: count === undefined || count < 0 ? null : count,
    });
  };
  api.on(EventName.historicalData, take);
  after(() => api.off(EventName.historicalData, take));
  api.reqHistoricalData(
    reqId,
    contractOf(wanted.symbol),
    endText(wanted.until),
    durationText(wanted.spanMs),
    SIZES[wanted.timeframe],
    WhatToShow.TRADES,
    wanted.timeframe === '1Day',
    EPOCH_SECONDS,
    false,
  );
}

/** Seconds since 1970; a day comes as its date, and begins in New York. */
function barTime(text: string): string | null {
  const day = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (day === null) return parseEpochSeconds(text);
  const wall = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return new Date(zoned(wall, 'America/New_York')).toISOString();
}

/** As IB writes a time in UTC: a dash between day and time. */
const endText = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');

function durationText(spanMs: number): string {
  const seconds = Math.ceil(spanMs / 1_000);
  if (seconds <= 86_400) return `${seconds} S`;
  const days = Math.ceil(spanMs / DAY_MS);
  return days <= 365 ? `${days} D` : `${Math.ceil(days / 365)} Y`;
}

/** Calendar time that surely holds `limit` bars of trading time, weekends and holidays included. */
function reachBack(timeframe: Timeframe, limit: number): number {
  const aDay = timeframe === '1Day' ? 1 : (6.5 * 3_600) / TIMEFRAME_SECONDS[timeframe];
  return (Math.ceil(limit / aDay) * 1.6 + 5) * DAY_MS;
}
