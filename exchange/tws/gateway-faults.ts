import type { Fault, FaultOf, Subject } from '../control/fault';
import type { Venue } from '../venue/venue';
import type { Connection } from './connection';
import type { ShownAccount } from './session';
import { ERRORS } from './wire/errors';

type TwsFault = FaultOf<'tws'>;
type Action = TwsFault['action'];

const isTws = (fault: Fault): fault is TwsFault => fault.kind === 'tws';

/** What is made to go wrong on this wire. */
export class GatewayFaults {
  readonly #venue: Venue;
  readonly #accounts: () => ShownAccount[];

  constructor(venue: Venue, accounts: () => ShownAccount[]) {
    this.#venue = venue;
    this.#accounts = accounts;
  }

  /** The fault of this action that strikes now; it is counted. */
  strike(action: Action, subject: Subject): TwsFault | null {
    if (this.#venue.books.faults.size === 0) return null;
    return this.#venue.faults.strike('tws', subject, (fault) => fault.action === action);
  }

  /** The same for what befalls a client, not an order: whichever account the fault names, if it is shown. */
  strikeClient(action: Action, clientId: number): TwsFault | null {
    for (const subject of this.#subjects(clientId)) {
      const fault = this.strike(action, subject);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Tells a client that connectivity was lost, or is back. Nothing may be said to it before this was looked at. */
  refresh(connection: Connection): void {
    const { clientId } = connection;
    const lost = this.#lostFor(clientId);
    if (lost !== null && connection.lost === null) {
      this.strikeClient('connectivity_lost', clientId);
      connection.error(-1, ERRORS.connectivityLost);
      connection.lost = lost.restored;
    } else if (lost === null && connection.lost !== null) {
      const dataLost = connection.lost === 'data_lost';
      connection.lost = null;
      if (dataLost) connection.subscriptions.dropMarketData();
      connection.error(-1, dataLost ? ERRORS.restoredLost : ERRORS.restoredKept);
    }
  }

  /** How long a reset that was asked for refuses connections, in milliseconds; each strikes once. */
  takeReset(clientIds: readonly number[]): number | null {
    for (const { fault, fired } of this.#venue.books.faults.values()) {
      if (!isTws(fault) || fault.action !== 'nightly_reset' || fired > 0) continue;
      for (const clientId of [...clientIds, -1]) {
        const struck = this.#subjects(clientId).some(
          (subject) => this.#venue.faults.strike('tws', subject, (one) => one === fault) !== null,
        );
        if (struck) return fault.refuse_for_ms;
      }
    }
    return null;
  }

  #lostFor(clientId: number): TwsFault | null {
    if (this.#venue.books.faults.size === 0) return null;
    for (const subject of this.#subjects(clientId)) {
      const fault = this.#venue.faults.holds('tws', subject, ({ action }) => action === 'connectivity_lost');
      if (fault !== null) return fault;
    }
    return null;
  }

  #subjects(clientId: number): Subject[] {
    const shown = this.#accounts().map(({ account }) => ({ account: account.keyId, clientId }));
    return shown.length === 0 ? [{ clientId }] : shown;
  }
}
