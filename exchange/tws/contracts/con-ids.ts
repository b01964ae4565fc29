import { keyOf } from '../../market/hash';
import { INSTRUMENTS } from '../../market/instruments';

const STOCKS = { from: 10_000, count: 90_000_000 };
const OPTIONS = { from: 100_000_000, count: 1_900_000_000 };

const byId = new Map<number, string>();
const bySymbol = new Map<string, number>();

/** Gives a symbol the number that its letters make; the rare one that is taken, the next that is free. */
function enter(symbol: string, range: { from: number; count: number }): number {
  let id = range.from + (Math.abs(keyOf(0x7f5, symbol)) % range.count);
  while (byId.has(id)) id += 1;
  byId.set(id, symbol);
  bySymbol.set(symbol, id);
  return id;
}

for (const symbol of INSTRUMENTS.keys()) enter(symbol, STOCKS);

/** The number (`conId`) of a stock or of an option's symbol: the same in every process. */
export const conIdOf = (symbol: string): number => bySymbol.get(symbol) ?? enter(symbol, OPTIONS);

/** The symbol of a number; undefined for an option that nobody was told of yet. */
export const symbolOfConId = (conId: number): string | undefined => byId.get(conId);
