/** Where an IB Gateway or TWS listens, and as which of its clients the desk speaks there. */
export type GatewayAddress = { host: string; port: number; clientId: number };

/**
 * Paper accounts, and no others, have numbers that begin with D: DU of one, DF of an adviser's group (IBKR Campus,
 * TWS API: "paper trading accounts begin with D").
 */
const PAPER_NUMBER = /^D[UF][A-Z]{0,2}\d{1,12}$/;

export const isPaperNumber = (accountNumber: string): boolean => PAPER_NUMBER.test(accountNumber);

/** Reads `host:port`; the environment's schema has refused what is none before. */
export function gatewayAddress(text: string, clientId: number): GatewayAddress {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)), clientId };
}
