import { z } from 'zod';
import type { Exchange } from '../index';
import { CALL, type Things } from './alpaca-requests';

const made = z.object({ id: z.string() });
let number = 0;

/** Sees to it that there is what good requests ask about: an order that rests, positions, a watchlist. */
export async function things(exchange: Exchange, headers: Record<string, string>): Promise<Things> {
  number += 1;
  const ask = async (method: string, path: string, body?: unknown, own = headers): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(exchange.url + path, { method, headers: own, ...sent });
    return answer.json();
  };
  const control = { Authorization: `Bearer ${exchange.controlToken}` };
  const key_id = headers['APCA-API-KEY-ID'] ?? '';
  // What is being closed would be there no more in a moment.
  await fetch(`${exchange.url}/v2/orders`, { method: 'DELETE', headers });
  const open = async (): Promise<unknown[]> => z.array(z.unknown()).parse(await ask('GET', '/v2/orders'));
  while ((await open()).length > 0);
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
  const order = made.parse(await ask('POST', '/v2/orders', { ...terms, client_order_id: clientOrderId }));
  let status: unknown = null;
  while (status !== 'new')
    status = z.object({ status: z.string() }).parse(await ask('GET', `/v2/orders/${order.id}`)).status;
  const watchlistName = `list ${number}`;
  const list = made.parse(await ask('POST', '/v2/watchlists', { name: watchlistName, symbols: ['AAPL'] }));
  const announced = await ask(
    'GET',
    '/v2/corporate_actions/announcements?ca_types=dividend&since=2026-09-01&until=2026-11-20',
  );
  return {
    orderId: order.id,
    clientOrderId,
    watchlistId: list.id,
    watchlistName,
    announcementId: z.array(made).parse(announced)[0]?.id ?? '',
    number,
  };
}
