import { findAsset } from '../assets/asset';
import { nextClose, orderSession, phaseAt, previousSession, type VenueClock } from '../clock/venue-clock';
import { DAY_MS, instantOf, newYorkDay } from '../clock/new-york';
import { Faults } from '../control/faults';
import type { HoldingRules } from '../corporate-actions/holding-rules';
import { openDays } from '../corporate-actions/open-days';
import type { OrderBook } from '../crypto/order-book';
import { type Journal, JournalFull, type Kept } from '../journal/journal';
import type { Change, JournalRecord } from '../journal/records';
import { restoreBooks } from '../journal/restore';
import type { PriceAt } from '../ledger/valuation';
import { findCrypto } from '../market/instruments';
import type { Market } from '../market/market';
import type { Touch } from '../matching/paper-rule';
import type { Order } from '../orders/order';
import { REFUSALS } from '../orders/refusals';
import type { Books } from './books';
import { priceOf, readTouch } from './prices';
import { type Addressed, tradeUpdatesOf } from './trade-updates';

export interface VenueSettings {
  readonly seed: number;
  /** Share of executions that are partial (Alpaca's paper: 0.1). */
  readonly partialFillRate: number;
  readonly holding: HoldingRules;
}

type Listener = (sent: Addressed) => void;

/** Trade updates of the record with this number. */
interface Unheard {
  readonly seq: number;
  readonly updates: readonly Addressed[];
}

/** The exchange's centre: state, journal, market and time. Verbs work on it from their own files. */
export class Venue {
  books: Books;
  readonly market: Market;
  readonly clock: VenueClock;
  readonly settings: VenueSettings;
  readonly faults = new Faults(this);
  /** The book that the orders of a symbol rest in, where there is one: honest fills set it. */
  orderBook: (symbol: string) => OrderBook | undefined = () => undefined;
  readonly #journal: Journal;
  readonly #listeners = new Set<Listener>();
  readonly #onFailure: (error: unknown) => void;
  #publishing: Promise<void> = Promise.resolve();
  /** What listeners are still to hear. */
  readonly #unheard = new Set<Unheard>();
  /** How often state went back to what is on disk. */
  undone = 0;
  #keeping: Promise<void> = Promise.resolve();
  /** Number of the last record that a snapshot covers. */
  #kept: number;
  /** Best prices already looked up for one instant: a beat asks for the same ones many times. */
  readonly #touches = new Map<string, Touch>();
  #touchedAt = 0;
  /** When the next trading day begins, as far as that was looked up; null while days are being begun. */
  #nextDay: number | null = -Infinity;

  constructor(parts: {
    books: Books;
    market: Market;
    clock: VenueClock;
    settings: VenueSettings;
    journal: Journal;
    /** Number of the last record in the snapshot that the books came from. */
    keptUpTo?: number;
    /** Called when the journal can no longer be written: the exchange must stop. */
    onFailure: (error: unknown) => void;
  }) {
    this.books = parts.books;
    this.market = parts.market;
    this.clock = parts.clock;
    this.settings = parts.settings;
    this.#journal = parts.journal;
    this.#onFailure = parts.onFailure;
    this.#kept = parts.keptUpTo ?? 0;
    this.#journal.watch({ undo: (kept) => this.#undo(kept), fatal: this.#onFailure });
  }

  /** Begins the trading days that have come: what they do to holdings is felt before anything else. */
  catchUp(): void {
    if (this.#nextDay === null || this.clock.now() < this.#nextDay) return;
    if (this.isFull || this.faults.isDiskFull()) return;
    this.#nextDay = null;
    let next = -Infinity;
    try {
      next = openDays(this);
    } finally {
      this.#nextDay = next;
    }
  }

  /**
   * Writes a change to the journal, applies it, and tells the listeners once it is on disk.
   * Throws the refusal `journalFull`, and changes nothing, while there is no space.
   */
  commit(change: Change): JournalRecord {
    if (this.isFull) throw REFUSALS.journalFull();
    this.catchUp();
    const stamp = { seq: this.books.lastSeq + 1, at: Math.max(this.clock.now(), this.books.lastAt) };
    const record: JournalRecord = { ...stamp, ...change };
    this.books.apply(record);
    this.#journal.append(record);
    if ('symbol' in record || record.type === 'day_opened') this.#touches.clear();
    const updates = this.#listeners.size === 0 ? [] : tradeUpdatesOf(this.books, record);
    if (updates.length > 0) {
      const unheard = { seq: record.seq, updates };
      this.#unheard.add(unheard);
      this.#publishing = this.#publishing.then(() => this.#publish(unheard)).catch(this.#onFailure);
    }
    return record;
  }

  async #publish(unheard: Unheard): Promise<void> {
    try {
      await this.#journal.durable();
    } catch (error) {
      // Records before those that were taken back are on disk; after any other error nothing is told.
      if (!(error instanceof JournalFull)) return;
    }
    if (!this.#unheard.delete(unheard)) return;
    for (const sent of unheard.updates) for (const listener of this.#listeners) listener(sent);
  }

  /** Whether the journal's disk is full: nothing is accepted and nothing trades until there is space. */
  get isFull(): boolean {
    return this.#journal.isFull;
  }

  /** Tries whether a full disk has space again. */
  recover(): Promise<void> {
    return this.#journal.recover();
  }

  /** Records did not fit on the disk: nobody was told of them, and they are taken back. */
  #undo(kept: Kept): void {
    this.market.load({ shifts: [], announced: [], halts: new Map(), prints: new Map() });
    this.books = restoreBooks(this.market, kept);
    this.#touches.clear();
    this.#nextDay = -Infinity;
    this.#kept = Math.min(this.#kept, this.books.lastSeq);
    for (const unheard of this.#unheard) {
      if (unheard.seq > this.books.lastSeq) this.#unheard.delete(unheard);
    }
    this.undone += 1;
  }

  /** Keeps the state of now beside the journal. A snapshot that cannot be written is none: the journal is the truth. */
  async snapshot(): Promise<void> {
    this.#kept = this.books.lastSeq;
    // One at a time: they share a file.
    this.#keeping = this.#keeping
      .then(() => this.#journal.snapshot(this.books.lastSeq, this.books.save()))
      .catch(() => {});
    await this.#keeping;
  }

  /** Takes a snapshot when that many records came since the last one. */
  async snapshotEvery(records: number): Promise<void> {
    if (this.books.lastSeq - this.#kept >= records) await this.snapshot();
  }

  /** Resolves when everything committed so far is on disk. Throws the refusal `journalFull` when it was taken back. */
  async durable(): Promise<void> {
    try {
      await this.#journal.durable();
    } catch (error) {
      throw error instanceof JournalFull ? REFUSALS.journalFull() : error;
    }
  }

  journalText(): Promise<string> {
    return this.#journal.read();
  }

  /** Hears every trade update, after it is durable. Returns the way to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#publishing;
    if (this.#kept < this.books.lastSeq) await this.snapshot();
    await this.#journal.close();
  }

  /** Best prices of a symbol now. */
  touch(symbol: string): Touch {
    const now = this.clock.now();
    if (now !== this.#touchedAt) {
      this.#touches.clear();
      this.#touchedAt = now;
    }
    let touch = this.#touches.get(symbol);
    if (touch === undefined) {
      touch = readTouch(this.market, symbol, now);
      this.#touches.set(symbol, touch);
    }
    return touch;
  }

  readonly priceAt: PriceAt = (symbol, at) => priceOf(this.market, symbol, at);

  /** The price of an instant of the past for a holding as it is now: a split may lie between. */
  priceThen(symbol: string, at: number): bigint | null {
    return priceOf(this.market, symbol, at, this.clock.now());
  }

  /** When the trading day that an instant belongs to began to count: the close before it. */
  dayStart(now = this.clock.now()): number {
    return this.clock.alwaysOpen ? instantOf(newYorkDay(now), 0) : previousSession(now).close;
  }

  /** End of a day order entered now. Always-open venues keep the NYSE's closes, a few minutes ahead. */
  dayEnd(extendedHours: boolean): number {
    const now = this.clock.now();
    if (this.clock.alwaysOpen) return nextClose(now + 5 * 60_000);
    const session = orderSession(now, extendedHours);
    return extendedHours ? session.postClose : session.close;
  }

  /** Whether an order of this kind may trade now. Crypto never closes. */
  isTrading({ symbol, extendedHours }: Pick<Order, 'symbol' | 'extendedHours'>): boolean {
    if (findCrypto(symbol) !== undefined) return true;
    const phase = phaseAt(this.clock, this.clock.now());
    return phase === 'core' || (extendedHours && phase !== 'closed');
  }

  /** Whether a symbol is halted now; an option is when its underlying is. */
  isHalted(symbol: string): boolean {
    const stock = findAsset(symbol)?.instrument.symbol ?? symbol;
    return this.market.isHalted(stock, this.clock.now()) || this.#isUnquoted(stock);
  }

  /** After a split nothing trades before the first quote in new shares. */
  #isUnquoted(stock: string): boolean {
    const now = this.clock.now();
    if (this.market.splitFactor(stock, now - DAY_MS, now) === 1) return false;
    const quote = this.market.quoteAt(stock, now);
    return quote === undefined || this.market.splitFactor(stock, quote.at, now) !== 1;
  }
}
