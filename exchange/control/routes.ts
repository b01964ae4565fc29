import { z } from 'zod';
import { formatMoney, ONE_DOLLAR, parseMoney } from '../decimal/decimal';
import type { Call, Reply } from '../http/call';
import type { Route } from '../http/router';
import { findInstrument, type Instrument } from '../market/instruments';
import { badRequest, notFound, REFUSALS } from '../orders/refusals';
import { openAccount } from '../venue/accounts';

/** What control may do to the streams' sockets. */
export interface StreamSwitch {
  /** Cuts open sockets and refuses new ones for a while (milliseconds). Answers how many were cut. */
  drop(stream: 'trading' | 'data' | 'all', refuseForMs: number): number;
}

const decimal = z.union([z.string(), z.number()]);
const accountBody = z.object({
  key_id: z.string().min(1).max(64).optional(),
  secret_key: z.string().min(1).max(128).optional(),
  cash: decimal.optional(),
});
const priceBody = z.object({ symbol: z.string(), price: decimal });
const haltBody = z.object({ symbol: z.string(), halted: z.boolean().default(true) });
const dropBody = z.object({
  stream: z.enum(['trading', 'data', 'all']),
  refuse_for_ms: z.number().min(0).max(3_600_000).default(0),
});

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) throw REFUSALS.malformedBody();
  return parsed.data;
}

function instrumentOf(symbol: string): Instrument {
  const instrument = findInstrument(symbol);
  if (instrument === undefined) throw notFound(`symbol not found: ${symbol}`);
  return instrument;
}

/** POST /control/accounts. */
function postAccount({ venue, body }: Call): Reply {
  const wish = read(accountBody, body);
  const cash = wish.cash === undefined ? 100_000n * ONE_DOLLAR : parseMoney(String(wish.cash));
  if (cash === null || cash < 0n) throw badRequest('cash must be a decimal >= 0');
  const { account, secret, created } = openAccount(venue, {
    keyId: wish.key_id,
    secret: wish.secret_key,
    cash,
  });
  return {
    status: created ? 201 : 200,
    body: {
      account_id: account.id,
      account_number: account.number,
      key_id: account.keyId,
      secret_key: secret,
      cash: formatMoney(account.cash),
    },
  };
}

/** POST /control/price: from now on the model runs from this price. */
function postPrice({ venue, body }: Call): Reply {
  const wish = read(priceBody, body);
  const { symbol } = instrumentOf(wish.symbol);
  const price = parseMoney(String(wish.price));
  if (price === null || price < 10_000n || price > 1_000_000n * ONE_DOLLAR) {
    throw badRequest('price must be between 0.01 and 1000000');
  }
  const { bid, ask } = venue.touch(symbol);
  const factor = Number(price) / (Number(bid + ask) / 2);
  venue.commit({ type: 'price_shifted', symbol, factor });
  return { status: 200, body: { symbol, price: formatMoney(price), factor } };
}

/** POST /control/halt: `halted: false` resumes. */
function postHalt({ venue, body }: Call): Reply {
  const wish = read(haltBody, body);
  const { symbol } = instrumentOf(wish.symbol);
  if (wish.halted !== venue.market.isHalted(symbol, venue.clock.now())) {
    venue.commit({ type: wish.halted ? 'symbol_halted' : 'symbol_resumed', symbol });
  }
  return { status: 200, body: { symbol, halted: wish.halted } };
}

/** The routes under /control. They need the control token and exist on the same port. */
export function controlRoutes(streams: StreamSwitch): Route[] {
  const kind = 'control';
  return [
    { kind, method: 'POST', path: '/control/accounts', run: postAccount },
    { kind, method: 'POST', path: '/control/price', run: postPrice },
    { kind, method: 'POST', path: '/control/halt', run: postHalt },
    {
      kind,
      method: 'POST',
      path: '/control/streams/drop',
      run: ({ body }) => {
        const wish = read(dropBody, body);
        return { status: 200, body: { dropped: streams.drop(wish.stream, wish.refuse_for_ms) } };
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
