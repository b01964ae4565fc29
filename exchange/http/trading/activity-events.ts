import type { ServerResponse } from 'node:http';
import { isoDate, newYorkDay } from '../../clock/new-york';
import { formatMoney, formatQty } from '../../decimal/decimal';
import type { Account, Fill, Transfer } from '../../ledger/account';
import { findAsset, worthIn } from '../../assets/asset';
import { badRequest } from '../../orders/refusals';
import { ulid } from '../../venue/ids';
import type { Venue } from '../../venue/venue';
import type { AccountCall, Reply } from '../call';
import { parseTime } from '../query';

const POLL_MS = 100;
const SLOW_BYTES = 4 * 1024 * 1024;

interface Event {
  readonly at: number;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const time = (at: number): string => new Date(at).toISOString();

const common = (at: number, id: string, refId: string): Record<string, unknown> => ({
  at: time(at),
  event_id: id,
  executed_at: time(at),
  settle_date: isoDate(newYorkDay(at)),
  status: 'executed',
  currency: 'USD',
  ref_id: refId,
});

function fillEvent(fill: Fill, index: number): Event {
  const id = ulid(fill.at, index + 1, fill.executionId);
  const { order } = fill;
  const value = worthIn(order.symbol, fill.qty, fill.price);
  const details = {
    order_id: order.id,
    client_order_id: order.clientOrderId,
    side: order.side,
    symbol: order.symbol,
    asset_id: findAsset(order.symbol)?.id ?? '',
    leaves_qty: formatQty(fill.leavesQty),
    cum_qty: formatQty(fill.cumQty),
    order_status: fill.complete ? 'filled' : 'partially_filled',
    execution_type: 'fill',
  };
  const body = {
    ...common(fill.at, id, fill.executionId),
    activity_type: 'FILL',
    price: formatMoney(fill.price),
    qty: formatQty(fill.qty),
    net_amount: formatMoney(order.side === 'buy' ? -value : value),
    details,
  };
  return { at: fill.at, id, body };
}

function transferEvent(transfer: Transfer, index: number): Event {
  const id = ulid(transfer.at, index + 1, transfer.id);
  const { symbol, qty, price, netAmount, subType, groupId, details } = transfer;
  const named = symbol === null ? {} : { symbol };
  const grouped = groupId === undefined ? {} : { group_id: groupId };
  const booked = details === undefined ? {} : { system_date: isoDate(newYorkDay(transfer.at)) };
  const body = {
    ...common(transfer.at, id, transfer.id),
    activity_type: transfer.type,
    ...(subType === undefined ? {} : { activity_subtype: subType }),
    net_amount: formatMoney(netAmount),
    ...(qty === null ? {} : { qty: formatQty(qty) }),
    ...(price === null ? {} : { price: formatMoney(price) }),
    details: { ...named, ...grouped, ...booked, ...details },
  };
  return { at: transfer.at, id, body };
}

interface Seen {
  readonly fills: number;
  readonly transfers: number;
}

/** Events of an account from given places in its two lists on. */
function eventsFrom({ fills, transfers }: Account, seen: Seen): Event[] {
  const trades = fills.slice(seen.fills).map((fill, i) => fillEvent(fill, seen.fills + i));
  const others = transfers.slice(seen.transfers).map((one, i) => transferEvent(one, seen.transfers + i));
  return [...trades, ...others].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Window {
  readonly history: boolean;
  /** Whether an event lies after the beginning, and whether it lies before the end. */
  begun(event: Event): boolean;
  within(event: Event): boolean;
  /** Whether nothing that is still to come can lie inside. */
  isOver(now: number): boolean;
}

function windowOf(query: URLSearchParams): Window {
  const read = (name: string): string | null => query.get(name) || null;
  const instant = (name: string): number | null => {
    const text = read(name);
    const at = text === null ? null : parseTime(text);
    if (text !== null && at === null) throw badRequest(`invalid ${name}`);
    return at;
  };
  const [since, until, sinceId, untilId] = [
    instant('since'),
    instant('until'),
    read('since_id'),
    read('until_id'),
  ];
  if (since !== null && sinceId !== null) throw badRequest('since and since_id exclude each other');
  if (until !== null && since === null) throw badRequest('until requires since');
  if (untilId !== null && sinceId === null) throw badRequest('until_id requires since_id');
  return {
    history: since !== null || sinceId !== null,
    begun: ({ at, id }) => at >= (since ?? -Infinity) && id >= (sinceId ?? ''),
    within: ({ at, id }) => at <= (until ?? Infinity) && (untilId === null || id <= untilId),
    isOver: (now) => untilId !== null || now > (until ?? Infinity),
  };
}

/** GET /v2beta1/events/activities: server-sent events, history first when asked for. */
export function streamActivities({ venue, account, query }: AccountCall): Reply {
  const window = windowOf(query);
  return { status: 200, stream: (response) => stream(venue, account, { window, response }) };
}

function stream(venue: Venue, account: Account, of: { window: Window; response: ServerResponse }): void {
  const { window, response } = of;
  const end = ({ fills, transfers }: Account): Seen => ({ fills: fills.length, transfers: transfers.length });
  let seen = window.history ? { fills: 0, transfers: 0 } : end(account);
  const tell = async (): Promise<void> => {
    // Another object after a full disk took records back.
    const own = venue.books.accounts.get(account.id) ?? account;
    const events = eventsFrom(own, seen);
    seen = end(own);
    const over = window.isOver(venue.clock.now());
    await venue.durable();
    if (response.writableLength > SLOW_BYTES) response.destroy();
    for (const event of events) {
      if (window.begun(event) && window.within(event))
        response.write(`data: ${JSON.stringify(event.body)}\n\n`);
    }
    if (over) response.end();
  };
  const run = (): void => void tell().catch(() => response.destroy());
  const timer = setInterval(run, POLL_MS);
  response.on('close', () => clearInterval(timer));
  run();
}
