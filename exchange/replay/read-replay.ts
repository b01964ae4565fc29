import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { CRYPTO, INSTRUMENTS } from '../market/instruments';
import { printAt, quoteAround, ReplayTape } from '../market/replay-tape';
import type { QuoteTick, TradeTick } from '../market/ticks';
import { StartError } from '../options';
import { type Column, readHeader, readInstant } from './columns';

interface Ticks {
  readonly trades: TradeTick[];
  readonly quotes: QuoteTick[];
}

/** A line of the file, with its cells by column. */
interface Row {
  readonly at: number;
  readonly number: number;
  positive(column: Column): number;
}

const micros = (dollars: number): number => Math.round(dollars * 1_000_000);

/** Four prints that make the bar: open, the nearer extreme, the other one, close. */
function addBar({ trades, quotes }: Ticks, row: Row, length: number): void {
  const [open, high, low, close] = [
    row.positive('open'),
    row.positive('high'),
    row.positive('low'),
    row.positive('close'),
  ];
  if (low > Math.min(open, close) || high < Math.max(open, close))
    throw new Error('high and low do not hold open and close');
  const prices = close >= open ? [open, low, high, close] : [open, high, low, close];
  const quarter = Math.max(1, Math.floor(row.positive('volume') / 4));
  for (const [i, price] of prices.entries()) {
    const rest = Math.max(1, Math.round(row.positive('volume')) - 3 * quarter);
    const trade: TradeTick = {
      at: row.at + Math.min(length - 1, (length / 4) * i),
      price: micros(price),
      size: i === 3 ? rest : quarter,
      id: row.number * 4 + i,
      exchange: 'V',
    };
    trades.push(trade);
    quotes.push(quoteAround(trade));
  }
}

function addTrade({ trades, quotes }: Ticks, row: Row): void {
  const [price, size] = [micros(row.positive('price')), row.positive('size')];
  const trade: TradeTick = { at: row.at, price, size, id: row.number, exchange: 'V' };
  trades.push(trade);
  quotes.push(quoteAround(trade));
}

function addQuote({ trades, quotes }: Ticks, row: Row): void {
  const [bid, ask] = [micros(row.positive('bid_price')), micros(row.positive('ask_price'))];
  if (bid >= ask) throw new Error('bid is not below ask');
  const quote: QuoteTick = {
    at: row.at,
    bid,
    ask,
    bidSize: row.positive('bid_size'),
    askSize: row.positive('ask_size'),
    bidExchange: 'V',
    askExchange: 'V',
  };
  quotes.push(quote);
  trades.push(printAt(quote, row.number));
}

function rowOf(
  cells: readonly string[],
  places: ReadonlyMap<Column, number>,
  number: number,
): Row & { symbol: string } {
  const cell = (column: Column): string => (cells[places.get(column) ?? -1] ?? '').trim().replaceAll('"', '');
  const at = readInstant(cell('timestamp'));
  if (Number.isNaN(at))
    throw new Error(`timestamp "${cell('timestamp').slice(0, 40)}" is neither RFC 3339 nor epoch`);
  const symbol = cell('symbol');
  if (!INSTRUMENTS.has(symbol) && !CRYPTO.has(symbol))
    throw new Error(`symbol "${symbol.slice(0, 20)}" is not listed here`);
  const positive = (column: Column): number => {
    const value = Number(cell(column));
    if (!(value > 0) || !Number.isFinite(value))
      throw new Error(`${column} "${cell(column).slice(0, 40)}" is not above 0`);
    return value;
  };
  return { symbol, at, number, positive };
}

/**
 * Reads a CSV file of bars, trades or quotes, told apart by its header. Throws a `StartError` that names
 * the line it cannot read.
 * @returns a tape for each symbol of the file
 */
export async function readReplay(path: string): Promise<ReadonlyMap<string, ReplayTape>> {
  if (/\.parquet$/i.test(path)) throw new StartError(`replay ${path}: Parquet is not read; write it as CSV`);
  const ticks = new Map<string, Ticks>();
  const bars: { ticks: Ticks; row: Row }[] = [];
  let header: ReturnType<typeof readHeader> = null;
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      if (header === null) {
        header = readHeader(line);
        if (header === null) throw new Error('the first line names no columns of bars, trades or quotes');
        continue;
      }
      const row = rowOf(line.split(','), header.places, number);
      const own = ticks.get(row.symbol) ?? { trades: [], quotes: [] };
      ticks.set(row.symbol, own);
      if (header.kind === 'bars') bars.push({ ticks: own, row });
      else if (header.kind === 'trades') addTrade(own, row);
      else addQuote(own, row);
    }
    const length = barLength(bars.map(({ row }) => row.at));
    for (const bar of bars) {
      number = bar.row.number;
      addBar(bar.ticks, bar.row, length);
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new StartError(`replay ${path}${number > 0 ? `, line ${number}` : ''}: ${cause}`, { cause: error });
  }
  if (ticks.size === 0) throw new StartError(`replay ${path}: no rows`);
  return new Map([...ticks].map(([symbol, own]) => [symbol, new ReplayTape(own.trades, own.quotes)]));
}

/** The width of the file's bars: the smallest step between two of its times, at most a day. */
function barLength(times: readonly number[]): number {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  let length = 86_400_000;
  for (const [i, at] of sorted.entries()) if (i > 0) length = Math.min(length, at - (sorted[i - 1] ?? 0));
  return length;
}
