import { findInstrument } from '../market/instruments';

/** A named list of symbols. Instants epoch milliseconds. */
export interface Watchlist {
  readonly id: string;
  readonly name: string;
  readonly symbols: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The symbols of a list that are listed here, by symbol or asset id, each once. */
export const listedSymbols = (wanted: readonly string[]): { symbols: string[]; unknown: string | null } => {
  const symbols = new Set<string>();
  for (const name of wanted) {
    const instrument = findInstrument(name);
    if (instrument === undefined) return { symbols: [], unknown: name };
    symbols.add(instrument.symbol);
  }
  return { symbols: [...symbols], unknown: null };
};
