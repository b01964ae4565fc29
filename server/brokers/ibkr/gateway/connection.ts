import { EventName, IBApi } from '@stoqey/ib';
import type { GatewayAddress } from '../wire/gateway-address';

/** What one socket to a gateway tells of itself. */
export type ConnectionListener = {
  /** It may be used: IB's first free order number and the accounts behind this gateway are known. */
  onOpen(nextValidId: number, accounts: readonly string[]): void;
  /** Other accounts than before are behind it. */
  onAccounts(accounts: readonly string[]): void;
  /** The first free order number was told again. */
  onNextValidId(id: number): void;
  /** Something that is about no request: `code` says what. */
  onInfo(code: number, message: string): void;
  /** Something about the request or order of this number. */
  onError(id: number, code: number, message: string): void;
  /** It is gone, or never came up. Told once. */
  onClosed(reason: string): void;
};

export type Connection = { readonly api: IBApi; close(): void };

const OPEN_LIMIT_MS = 8_000;
/** IB refuses clients that send more than 50 messages a second (IBKR Campus, TWS API: pacing). */
const MESSAGES_A_SECOND = 45;
const PULSE_MS = 15_000;
const PULSE_LIMIT_MS = 10_000;

/**
 * Opens one socket to a gateway. Each has a client object of its own: what the library holds back, until it may be
 * sent or because of the pace, ends with its socket and never leaves over a later one.
 */
export function openConnection(
  { host, port, clientId }: GatewayAddress,
  listener: ConnectionListener,
): Connection {
  // All four are given, or the library would look for a .env file and for variables of its own.
  const api = new IBApi({ host, port, clientId, maxReqPerSec: MESSAGES_A_SECOND });
  let nextValidId: number | null = null;
  let accounts: readonly string[] | null = null;
  let isOpen = false;
  let isClosed = false;
  let lastWord = 'the gateway did not answer';
  let pulseLimit: NodeJS.Timeout | undefined;
  const openLimit = setTimeout(() => end(lastWord), OPEN_LIMIT_MS);
  const pulse = setInterval(beat, PULSE_MS);
  pulse.unref();

  /** A socket may be dead and not say so: a gateway that does not tell the time is gone. */
  function beat(): void {
    if (!isOpen || isClosed) return;
    clearTimeout(pulseLimit);
    pulseLimit = setTimeout(() => end('the gateway does not answer any more'), PULSE_LIMIT_MS);
    pulseLimit.unref();
    api.reqCurrentTime();
  }

  function end(reason: string): void {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(openLimit);
    clearTimeout(pulseLimit);
    clearInterval(pulse);
    api.disconnect();
    listener.onClosed(reason);
  }

  function begin(): void {
    if (isOpen || isClosed || nextValidId === null || accounts === null) return;
    isOpen = true;
    clearTimeout(openLimit);
    listener.onOpen(nextValidId, accounts);
  }

  api.on(EventName.nextValidId, (id: number) => {
    if (isOpen) return listener.onNextValidId(id);
    nextValidId = id;
    begin();
  });
  api.on(EventName.managedAccounts, (list: string) => {
    accounts = list.split(',').filter((name) => name !== '');
    if (isOpen) listener.onAccounts(accounts);
    else begin();
  });
  api.on(EventName.currentTime, () => clearTimeout(pulseLimit));
  api.on(EventName.info, (message: string, code: number) => {
    lastWord = message;
    if (!isClosed) listener.onInfo(code, message);
  });
  api.on(EventName.error, (error: Error, code: number, id: number) => {
    lastWord = error.message;
    if (!isClosed && id >= 0) listener.onError(id, code, error.message);
  });
  api.on(EventName.disconnected, () => end(isOpen ? 'the gateway closed the connection' : lastWord));
  api.connect();
  return { api, close: () => end('closed') };
}
