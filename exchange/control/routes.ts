import { z } from 'zod';
import { newYorkTimestamp } from '../clock/new-york';
import { formatMoney, ONE_DOLLAR, parseMoney } from '../decimal/decimal';
import type { Call, Reply } from '../http/call';
import type { Route } from '../http/router';
import { findInstrument, type Instrument } from '../market/instruments';
import { badRequest, notFound } from '../orders/refusals';
import { postAccount, postCash, postExternalOrder, postFill, postPosition, postReset } from './accounts';
import { postCorporateAction } from './corporate-actions';
import { clearFaults, listFaults, postFault } from './fault-routes';
import { readControl } from './read-control';
import { type GatewaySwitch, twsRoutes } from './tws';

/** What control may do to the streams' sockets. */
export interface StreamSwitch {
  /** Cuts open sockets and refuses new ones for a while (milliseconds). Answers how many were cut. */
  drop(stream: 'trading' | 'data' | 'all', refuseForMs: number): number;
  /** Cuts the account streams of one key. Answers how many there were. */
  dropKey(keyId: string): number;
}

const decimal = z.union([z.string(), z.number()]);
const priceBody = z.object({ symbol: z.string(), price: decimal, orderly: z.boolean().default(false) });
const haltBody = z.object({ symbol: z.string(), halted: z.boolean().default(true) });
const dropBody = z.object({
  stream: z.enum(['trading', 'data', 'all']),
  refuse_for_ms: z.number().min(0).max(3_600_000).default(0),
  /** Only the account streams of this key; nothing is refused. */
  key_id: z.string().optional(),
});

function instrumentOf(symbol: string): Instrument {
  const instrument = findInstrument(symbol);
  if (instrument === undefined) throw notFound(`symbol not found: ${symbol}`);
  return instrument;
}

/**
 * POST /control/price: from now on the model runs from this price. It comes suddenly, so that trading pauses
 * if it lies beyond the bands; `orderly` lets it through.
 */
function postPrice({ venue, body }: Call): Reply {
  const wish = readControl(priceBody, body);
  const { symbol } = instrumentOf(wish.symbol);
  const price = parseMoney(String(wish.price));
  if (price === null || price < 10_000n || price > 1_000_000n * ONE_DOLLAR) {
    throw badRequest('price must be between 0.01 and 1000000');
  }
  // Not the quote: in a limit state or a pause it stands where the price no longer is.
  const path = venue.market.pathAt(symbol, venue.clock.now());
  if (path === undefined) throw notFound(`no market in ${symbol}`);
  const factor = Number(price) / path;
  venue.commit({ type: 'price_shifted', symbol, factor, sudden: !wish.orderly });
  return { status: 200, body: { symbol, price: formatMoney(price), factor } };
}

/** POST /control/halt: `halted: false` resumes. */
function postHalt({ venue, body }: Call): Reply {
  const wish = readControl(haltBody, body);
  const { symbol } = instrumentOf(wish.symbol);
  if (wish.halted !== venue.market.isHalted(symbol, venue.clock.now())) {
    venue.commit({ type: wish.halted ? 'symbol_halted' : 'symbol_resumed', symbol });
  }
  return { status: 200, body: { symbol, halted: wish.halted } };
}

const clockBody = z.object({
  advance_ms: z
    .number()
    .int()
    .min(1)
    .max(366 * 86_400_000),
});

/** POST /control/clock: time jumps ahead, and with it prices, sessions and the ends of orders. */
function postClock({ venue, body }: Call): Reply {
  const { advance_ms: ms } = readControl(clockBody, body);
  venue.clock.advance(ms);
  venue.commit({ type: 'clock_advanced', ms });
  return { status: 200, body: { timestamp: newYorkTimestamp(venue.clock.now()) } };
}

/** The routes under /control. They need the control token and exist on the same port. */
export function controlRoutes(streams: StreamSwitch, gateway: GatewaySwitch | null): Route[] {
  const kind = 'control';
  return [
    { kind, method: 'POST', path: '/control/accounts', run: postAccount },
    {
      kind,
      method: 'POST',
      path: '/control/accounts/reset',
      run: (call) => {
        const reply = postReset(call);
        // They listen to the account that was.
        streams.drop('trading', 0);
        return reply;
      },
    },
    ...twsRoutes(gateway),
    { kind, method: 'POST', path: '/control/cash', run: postCash },
    { kind, method: 'POST', path: '/control/positions', run: postPosition },
    { kind, method: 'POST', path: '/control/orders', run: postExternalOrder },
    { kind, method: 'POST', path: '/control/fills', run: postFill },
    { kind, method: 'POST', path: '/control/clock', run: postClock },
    { kind, method: 'POST', path: '/control/corporate-actions', run: postCorporateAction },
    { kind, method: 'POST', path: '/control/faults', run: postFault },
    { kind, method: 'GET', path: '/control/faults', run: listFaults },
    { kind, method: 'DELETE', path: '/control/faults', run: clearFaults },
    { kind, method: 'DELETE', path: '/control/faults/:id', run: clearFaults },
    { kind, method: 'POST', path: '/control/price', run: postPrice },
    { kind, method: 'POST', path: '/control/halt', run: postHalt },
    {
      kind,
      method: 'POST',
      path: '/control/streams/drop',
      run: ({ body }) => {
        const wish = readControl(dropBody, body);
        const { key_id: keyId, stream, refuse_for_ms: refuseForMs } = wish;
        const dropped = keyId === undefined ? streams.drop(stream, refuseForMs) : streams.dropKey(keyId);
        return { status: 200, body: { dropped } };
      },
    },
    {
      kind,
      method: 'GET',
      path: '/control/journal',
      run: async ({ venue }) => {
        await venue.durable();
        return { status: 200, body: await venue.journalText() };
      },
    },
  ];
}
