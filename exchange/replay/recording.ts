import { CRYPTO, INSTRUMENTS } from '../market/instruments';
import { printAt, quoteAround, ReplayTape } from '../market/replay-tape';
import type { QuoteTick, TradeTick } from '../market/ticks';
import { type Column, type Header, readInstant } from './columns';

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

/** Rows of a file on their way to become tapes. */
export class Recording {
  readonly #ticks = new Map<string, Ticks>();
  readonly #bars: { ticks: Ticks; row: Row }[] = [];
  readonly #header: Header;
  /** Number of the row in hand: what an error is about. */
  row = 0;

  constructor(header: Header) {
    this.#header = header;
  }

  /** Takes a row's cells as text. Throws when it makes no sense. */
  add(cells: readonly string[], number: number): void {
    this.row = number;
    const row = rowOf(cells, this.#header.places, number);
    const own = this.#ticks.get(row.symbol) ?? { trades: [], quotes: [] };
    this.#ticks.set(row.symbol, own);
    if (this.#header.kind === 'bars') this.#bars.push({ ticks: own, row });
    else if (this.#header.kind === 'trades') addTrade(own, row);
    else addQuote(own, row);
  }

  /** A tape for each symbol; bars can be played only when their width is known. */
  tapes(): ReadonlyMap<string, ReplayTape> {
    const length = barLength(this.#bars.map(({ row }) => row.at));
    for (const { ticks, row } of this.#bars) {
      this.row = row.number;
      addBar(ticks, row, length);
    }
    this.row = 0;
    if (this.#ticks.size === 0) throw new Error('no rows');
    return new Map([...this.#ticks].map(([symbol, own]) => [symbol, new ReplayTape(own.trades, own.quotes)]));
  }
}

/** The width of the file's bars: the smallest step between two of its times, at most a day. */
function barLength(times: readonly number[]): number {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  let length = 86_400_000;
  for (const [i, at] of sorted.entries()) if (i > 0) length = Math.min(length, at - (sorted[i - 1] ?? 0));
  return length;
}
