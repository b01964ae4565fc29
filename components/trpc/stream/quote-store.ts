import { newestTime, type Quote } from '@/domain/market/quote';

type Listener = () => void;

/** The newest quote of every symbol; a tick wakes only those who listen to its symbol. */
export class QuoteStore {
  private readonly quotes = new Map<string, Quote>();
  private readonly listeners = new Map<string, Set<Listener>>();

  get(symbol: string): Quote | null {
    return this.quotes.get(symbol) ?? null;
  }

  /** Takes a quote unless a newer one is known: an answer that was under way may arrive after a tick. */
  put(quote: Quote): void {
    const known = this.quotes.get(quote.symbol);
    if (known && (newestTime(known) ?? 0) > (newestTime(quote) ?? 0)) return;
    this.quotes.set(quote.symbol, quote);
    for (const listener of this.listeners.get(quote.symbol) ?? []) listener();
  }

  subscribe(symbol: string, listener: Listener): () => void {
    const set = this.listeners.get(symbol) ?? new Set<Listener>();
    this.listeners.set(symbol, set);
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(symbol) === set) this.listeners.delete(symbol);
    };
  }
}
