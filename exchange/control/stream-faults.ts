import { formatMoney, parseMoney } from '../decimal/decimal';
import type { Addressed, TradeUpdate } from '../venue/trade-updates';
import type { Venue } from '../venue/venue';
import type { FaultOf } from './fault';

type Deliver = (sent: Addressed) => void;

/** Stands between the venue and the account stream, and does to updates what the faults ask for. */
export class StreamFaults {
  readonly #venue: Venue;
  readonly #deliver: Deliver;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** What waits to be turned round, by account: one account's updates do not fill another's window. */
  readonly #kept = new Map<string, Addressed[]>();

  constructor(venue: Venue, deliver: Deliver) {
    this.#venue = venue;
    this.#deliver = deliver;
  }

  pass(sent: Addressed): void {
    const { faults, books } = this.#venue;
    if (books.faults.size === 0) {
      for (const id of this.#kept.keys()) this.#flush(id);
      this.#deliver(sent);
      return;
    }
    const subject = { ...faults.subjectOf(sent.order), event: String(sent.update['event']) };
    if (faults.holds('stream', subject, ({ action }) => action === 'silence') !== null) return;
    const isFill = 'execution_id' in sent.update;
    const suits = ({ action }: FaultOf<'stream'>): boolean =>
      action !== 'silence' && action !== 'steal' && (action !== 'noisy_replay' || isFill);
    const fault = faults.strike('stream', subject, suits);
    if (fault === null) this.#deliver(sent);
    else this.#spoil(fault, sent);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #spoil(fault: FaultOf<'stream'>, sent: Addressed): void {
    switch (fault.action) {
      case 'drop':
      case 'silence':
      case 'steal':
        return;
      case 'duplicate':
        for (let copy = 0; copy <= fault.times; copy += 1) this.#deliver(sent);
        return;
      case 'delay':
        return this.#later(fault.delay_ms, () => this.#deliver(sent));
      case 'noisy_replay':
        this.#deliver(sent);
        return this.#deliver({ ...sent, update: noisy(sent.update) });
      case 'reorder':
        return this.#keep(fault, sent);
    }
  }

  #keep(fault: FaultOf<'stream'>, sent: Addressed): void {
    const { id } = sent.account;
    const kept = [...(this.#kept.get(id) ?? []), sent];
    this.#kept.set(id, kept);
    if (kept.length >= fault.window) this.#flush(id);
    else this.#later(fault.delay_ms, () => this.#flush(id));
  }

  /** Last in, first out. */
  #flush(id: string): void {
    const kept = this.#kept.get(id) ?? [];
    this.#kept.delete(id);
    for (const sent of kept.toReversed()) this.#deliver(sent);
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

/** The same execution told again, one percent dearer. */
function noisy(update: TradeUpdate): TradeUpdate {
  const price = parseMoney(String(update['price'])) ?? 0n;
  return { ...update, price: formatMoney(price + price / 100n) };
}
