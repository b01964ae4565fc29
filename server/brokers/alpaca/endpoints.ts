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

export type AlpacaCredentials = { keyId: string; secretKey: string };
