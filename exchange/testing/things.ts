import { z } from 'zod';
import type { Exchange } from '../index';
import { CALL, type Things } from './alpaca-requests';

const made = z.object({ id: z.string() });
const opened = z.object({ key_id: z.string(), secret_key: z.string() });
let number = 0;

type Headers = Record<string, string>;

/**
 * A new account that has what good requests ask about: an order that rests, positions, a watchlist. It is nobody
 * else's, so that what requests do to it, such as suspending it, is felt by none that come later.
 */
export async function accountWithThings(exchange: Exchange): Promise<{ headers: Headers; things: Things }> {
  number += 1;
  const control: Headers = { Authorization: `Bearer ${exchange.controlToken}` };
  const ask = async (method: string, path: string, body: unknown, own: Headers): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(exchange.url + path, { method, headers: own, ...sent });
    return answer.json();
  };
  const keys = opened.parse(await ask('POST', '/control/accounts', { cash: '100000000' }, control));
  const key_id = keys.key_id;
  const headers: Headers = { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': keys.secret_key };
  for (const [symbol, qty] of [
    ['KO', '10'],
    [CALL, '2'],
  ] as const) {
    await ask('POST', '/control/positions', { key_id, symbol, qty }, control);
  }
  const clientOrderId = `thing-${number}`;
  const terms = {
    symbol: 'MSFT',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '60',
    time_in_force: 'gtc',
  };
  const order = made.parse(
    await ask('POST', '/v2/orders', { ...terms, client_order_id: clientOrderId }, headers),
  );
  let status: unknown = null;
  while (status !== 'new')
    status = z
      .object({ status: z.string() })
      .parse(await ask('GET', `/v2/orders/${order.id}`, undefined, headers)).status;
  const watchlistName = `list ${number}`;
  const list = made.parse(
    await ask('POST', '/v2/watchlists', { name: watchlistName, symbols: ['AAPL'] }, headers),
  );
  const announced = await ask(
    'GET',
    '/v2/corporate_actions/announcements?ca_types=dividend&since=2026-09-01&until=2026-11-20',
    undefined,
    headers,
  );
  const things = {
    orderId: order.id,
    clientOrderId,
    watchlistId: list.id,
    watchlistName,
    announcementId: z.array(made).parse(announced)[0]?.id ?? '',
    number,
  };
  return { headers, things };
}
