import { keyOf, uniform } from '../market/hash';
import type { Order } from '../orders/order';
import type { Venue } from '../venue/venue';
import { type Fault, type FaultOf, isMeant, type RaceAction, type SetFault, type Subject } from './fault';

/** Decides, from the seed alone, which of the faults that were set strike. */
export class Faults {
  readonly #venue: Venue;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** The fault of this kind that strikes now, if any. It is journalled before it is felt. */
  strike<K extends Fault['kind']>(
    kind: K,
    subject: Subject,
    suits: (fault: FaultOf<K>) => boolean = () => true,
  ): FaultOf<K> | null {
    // Without space for the record of it, no fault strikes.
    if (this.#venue.isFull) return null;
    for (const set of this.#venue.books.faults.values()) {
      const found = ofKind(set.fault, kind);
      if (found === null || !suits(found) || !isMeant(found, subject)) continue;
      if (this.#draw(set)) return found;
    }
    return null;
  }

  /** A race that strikes this order now. */
  race(action: RaceAction, order: Order): boolean {
    return this.strike('race', this.subjectOf(order), (fault) => fault.action === action) !== null;
  }

  /** Whether a condition that lasts (a silent stream, a full disk) holds; it is not counted. */
  holds<K extends Fault['kind']>(
    kind: K,
    subject: Subject,
    suits: (fault: FaultOf<K>) => boolean = () => true,
  ): FaultOf<K> | null {
    for (const { fault } of this.#venue.books.faults.values()) {
      const found = ofKind(fault, kind);
      if (found !== null && suits(found) && isMeant(found, subject)) return found;
    }
    return null;
  }

  /** Whether the journal plays full: nothing new is accepted or traded. */
  isDiskFull(subject: Subject = {}): boolean {
    return this.#venue.books.faults.size > 0 && this.holds('disk_full', subject) !== null;
  }

  /** Whether a look-up does not find an order yet. */
  hides(order: Order, where: 'lookup' | 'list'): boolean {
    if (this.#venue.books.faults.size === 0) return false;
    const age = this.#venue.clock.now() - order.createdAt;
    const suits = (fault: FaultOf<'lookup'>): boolean =>
      age < fault.delay_ms && (where === 'lookup' || fault.lists);
    return this.holds('lookup', this.subjectOf(order), suits) !== null;
  }

  subjectOf(order: Order): Subject {
    const account = this.#venue.books.accounts.get(order.accountId)?.keyId;
    // On the TWS wire a client names its orders by reference.
    const { symbol, tws } = order;
    return {
      account,
      clientOrderId: tws?.order_ref ?? order.clientOrderId,
      symbol,
      clientId: tws?.client_id,
    };
  }

  #draw(set: SetFault): boolean {
    const { fault, id } = set;
    if (fault.count !== undefined && set.fired >= fault.count) return false;
    set.seen += 1;
    if (set.seen <= fault.skip) return false;
    const chance = uniform(keyOf(this.#venue.settings.seed, id), set.seen, 0, 0);
    if (chance >= fault.probability) return false;
    this.#venue.commit({ type: 'fault_fired', fault_id: id, seen: set.seen });
    return true;
  }
}

function ofKind<K extends Fault['kind']>(fault: Fault, kind: K): FaultOf<K> | null {
  const isKind = (candidate: Fault): candidate is FaultOf<K> => candidate.kind === kind;
  return isKind(fault) ? fault : null;
}
