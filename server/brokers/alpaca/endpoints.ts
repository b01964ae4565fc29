import type { LiveKeys, PaperKeys } from '@/server/brokers/ports';

/** Where an Alpaca-compatible venue answers. */
export type AlpacaEndpoints = {
  /** Trading REST, e.g. https://paper-api.alpaca.markets */
  trading: string;
  /** Market data REST. */
  data: string;
  /** Trade updates socket. */
  tradeStream: string;
  /** Market data socket with its feed path. */
  dataStream: string;
};

const checked: unique symbol = Symbol('checked');
/** Endpoints none of which moves real money. Only `paperEndpoints` makes them. */
export type PaperEndpoints = AlpacaEndpoints & { readonly scope: 'paper'; readonly [checked]: true };
/** Endpoints where real money is traded. Only `liveEndpoints` makes them. */
export type LiveEndpoints = AlpacaEndpoints & { readonly scope: 'live'; readonly [checked]: true };

/** What opens a session: endpoints and keys of one scope. A pair of different scopes is no value of this type. */
export type AlpacaAccess =
  | { endpoints: PaperEndpoints; credentials: PaperKeys }
  | { endpoints: LiveEndpoints; credentials: LiveKeys };

/** An account's keys were about to be used at a host that is not of its scope. */
export class ForeignHostError extends Error {}

type Scope = 'paper' | 'live';

/** Alpaca's hosts (its SDK, trading/runtime). Market data has the same ones for both kinds of account. */
const TRADING_HOSTS: Record<Scope, readonly string[]> = {
  paper: ['paper-api.alpaca.markets'],
  live: ['api.alpaca.markets'],
};
const DATA_HOSTS: readonly string[] = ['data.alpaca.markets', 'stream.data.alpaca.markets'];

/** This machine: the exchange in the box, and rehearsals of live trading against another one. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export function paperEndpoints(endpoints: AlpacaEndpoints): PaperEndpoints {
  refuseForeign('paper', endpoints);
  return { ...endpoints, scope: 'paper', [checked]: true };
}

export function liveEndpoints(endpoints: AlpacaEndpoints): LiveEndpoints {
  refuseForeign('live', endpoints);
  return { ...endpoints, scope: 'live', [checked]: true };
}

const ROLES = ['trading', 'data', 'tradeStream', 'dataStream'] as const;

/**
 * Throws `ForeignHostError` when one scope trades at an address that the other asks for anything, as can be set on
 * loopback. Both may take their prices from one place.
 */
export function refuseSharedVenue(live: LiveEndpoints, paper: PaperEndpoints): void {
  for (const [one, other] of [
    [live, paper],
    [paper, live],
  ] as const) {
    const asked = new Set(ROLES.map((role) => addressOf(other[role])));
    const shared = [one.trading, one.tradeStream].map(addressOf).find((address) => asked.has(address));
    if (shared !== undefined)
      throw new ForeignHostError(`${shared} is set for paper and for live trading; they must be apart`);
  }
}

/** Host and port, which tell venues apart whatever the protocol spoken there. */
function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' || protocol === 'wss:' ? '443' : '80';
  // One machine has several names for itself.
  return `${LOOPBACK.test(hostname) ? 'loopback' : hostname}:${port || usual}`;
}

function refuseForeign(scope: Scope, endpoints: AlpacaEndpoints): void {
  const allowed: Record<keyof AlpacaEndpoints, readonly string[]> = {
    trading: TRADING_HOSTS[scope],
    tradeStream: TRADING_HOSTS[scope],
    data: DATA_HOSTS,
    dataStream: DATA_HOSTS,
  };
  for (const name of ROLES) {
    const fault = hostFault(endpoints[name], allowed[name], name.endsWith('Stream') ? 'wss:' : 'https:');
    if (fault !== null)
      throw new ForeignHostError(`${name} of ${scope} accounts is ${shown(endpoints[name])}: ${fault}`);
  }
}

/** The parser writes a host in one way, however it was typed: case, width and encodings, numbers for addresses. */
function hostFault(text: string, allowed: readonly string[], secure: 'https:' | 'wss:'): string | null {
  if (!URL.canParse(text)) return 'this is no address';
  const url = new URL(text);
  const plain = secure === 'https:' ? 'http:' : 'ws:';
  if (url.username !== '' || url.password !== '') return 'an address must not carry a user or password';
  if (LOOPBACK.test(url.hostname) && (url.protocol === secure || url.protocol === plain)) return null;
  if (!allowed.includes(url.hostname))
    return `only ${allowed.join(', ')} and this machine itself may be asked`;
  if (url.protocol !== secure || url.port !== '') return `${url.hostname} is reached by ${secure}// alone`;
  return null;
}

/** An address as it may be said: without what may be a secret in it. */
function shown(text: string): string {
  if (!URL.canParse(text)) return 'not readable';
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}
