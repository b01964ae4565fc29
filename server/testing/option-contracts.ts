import { z } from 'zod';
import type { TestDesk } from './desk';

const listed = z.object({
  option_contracts: z.array(
    z.object({ symbol: z.string(), strike_price: z.coerce.number(), expiration_date: z.string() }),
  ),
});
const lastTrade = z.object({ trade: z.object({ p: z.number() }) });
const DAY_MS = 86_400_000;

/** The contracts nearest to the money two to three weeks out, of one expiry, by rising strike, from the exchange itself. */
export async function contractsNear(
  { parts }: TestDesk,
  underlying: string,
  kind: 'call' | 'put',
  count = 2,
): Promise<string[]> {
  const { marketDataKeyId, marketDataSecret } = parts.secrets;
  const headers = { 'APCA-API-KEY-ID': marketDataKeyId, 'APCA-API-SECRET-KEY': marketDataSecret };
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(parts.exchange.url + path, { headers })).json();
  const day = (ahead: number) => parts.clock.iso(parts.clock.now() + ahead * DAY_MS).slice(0, 10);
  const query = `underlying_symbols=${underlying}&type=${kind}&expiration_date_gte=${day(14)}&expiration_date_lte=${day(20)}`;
  const { option_contracts: all } = listed.parse(await ask(`/v2/options/contracts?${query}&limit=1000`));
  const { trade } = lastTrade.parse(await ask(`/v2/stocks/${underlying}/trades/latest`));
  const near = all.sort((a, b) => Math.abs(a.strike_price - trade.p) - Math.abs(b.strike_price - trade.p));
  return near
    .slice(0, count)
    .sort((a, b) => a.strike_price - b.strike_price)
    .map(({ symbol }) => symbol);
}
