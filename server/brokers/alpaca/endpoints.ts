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

const paper: unique symbol = Symbol('paper');
/** Endpoints none of which moves real money; a session opens with nothing else. Only `paperEndpoints` makes them. */
export type PaperEndpoints = AlpacaEndpoints & { readonly [paper]: true };

/** Hosts that trade real money (Alpaca's SDK, trading/runtime); market data has the same hosts for both. */
const LIVE_HOSTS: ReadonlySet<string> = new Set(['api.alpaca.markets', 'broker-api.alpaca.markets']);

/** A paper account's keys were about to be used where real money is traded. */
export class LiveHostError extends Error {}

/** Throws `LiveHostError` when one of them is a host of live trading, however it is written. */
export function paperEndpoints(endpoints: AlpacaEndpoints): PaperEndpoints {
  for (const [name, url] of Object.entries(endpoints)) {
    const host = new URL(url).hostname.replace(/\.$/, '');
    if (LIVE_HOSTS.has(host)) {
      throw new LiveHostError(
        `${name} is ${host}, where real money is traded; this version trades paper accounts and the exchange in the box`,
      );
    }
  }
  return { ...endpoints, [paper]: true };
}

export type AlpacaCredentials = { keyId: string; secretKey: string };
