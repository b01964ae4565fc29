import * as fc from 'fast-check';
import type { HonestSettings } from '../book/honest-fills';
import { gaussian, keyOf, uniform } from '../market/hash';
import { Market } from '../market/market';
import { quoteAround, ReplayTape } from '../market/replay-tape';
import type { TradeTick } from '../market/ticks';
import type { Order } from '../orders/order';
import { Refusal } from '../orders/refusals';
import { cancelOrder, replaceOrder } from '../venue/change-order';
import { makeWorld, near, place, START, type World } from './world';

/** Dollars at which the recordings begin; one share of the last costs less than $10. */
const SYMBOLS = { AAPL: 210, SPY: 600, SNAP: 8 } as const;
export type Traded = keyof typeof SYMBOLS;
const NAMES = ['AAPL', 'SPY', 'SNAP'] as const;
const TAPES = 8;
const TICKS = 400;

/** A wild market: half a percent a second, and a jump of some percent now and then. */
function wildTape(symbol: Traded, number: number): ReplayTape {
  const key = keyOf(number, symbol);
  const trades: TradeTick[] = [];
  let dollars: number = SYMBOLS[symbol];
  for (let second = -5; second < TICKS; second += 1) {
    const jump = uniform(key, second, 1, 0) < 0.04 ? 0.03 * gaussian(key, second, 2, 0) : 0;
    dollars *= 1 + 0.004 * gaussian(key, second, 0, 0) + jump;
    const size = 1 + Math.floor(300 * uniform(key, second, 3, 0));
    trades.push({
      at: START + second * 1_000,
      price: Math.round(dollars * 100) * 10_000,
      size,
      id: second + 9,
      exchange: 'V',
    });
  }
  return new ReplayTape(trades, trades.map(quoteAround));
}

const tapes = Array.from(
  { length: TAPES },
  (_, number) => new Map(NAMES.map((symbol) => [symbol, wildTape(symbol, number)])),
);

/** A world that plays one of a few wild recordings: made in no time, so that thousands can be tried. */
export const wildWorld = (
  tape: number,
  more: { honest?: HonestSettings; partialFillRate?: number } = {},
): World => makeWorld({ tapes: tapes[tape % TAPES] ?? new Map(), ...more });

/** The same market with nothing done to it. */
export function emptyMarket(tape: number): Market {
  const market = new Market(5, true);
  for (const [symbol, played] of tapes[tape % TAPES] ?? []) market.replay(symbol, played);
  return market;
}

export const tapeNumber = fc.nat(TAPES - 1);

const shape = {
  symbol: fc.constantFrom(...NAMES),
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 40 }),
  /** Cents from the last price, or per mille of it for exits. */
  offset: fc.integer({ min: -60, max: 60 }),
  pick: fc.nat(50),
  /** Milliseconds that pass afterwards. */
  wait: fc.constantFrom(40, 300, 1_000, 3_000, 9_000),
};
const KINDS = ['market', 'limit', 'limit', 'special', 'group', 'group', 'cancel', 'replace', 'wait'] as const;
export const command = fc.record({ kind: fc.constantFrom(...KINDS), ...shape });
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
/** Enough for positions to be built, reduced and turned round. */
export const commands = fc.array(command, { minLength: 1, maxLength: 16 });

/** Runs a command as a client would; what the venue refuses is refused. */
export function run(world: World, one: Command): void {
  attempt(() => send(world, one));
  // A long wait is several beats: stops and groups take one step in each.
  for (let beat = 0; beat < 3; beat += 1) world.wait(Math.ceil(one.wait / 3));
}

export function attempt(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** Sends one command; cancels and replaces only orders in its symbol when it is to keep to that. */
export function send(world: World, one: Command, keepsToSymbol = false): void {
  const { account } = world;
  const open = [...account.open].filter(({ symbol }) => !keepsToSymbol || symbol === one.symbol);
  sendTo(world, one, open[one.pick % Math.max(1, open.length)]);
}

function sendTo(
  world: World,
  { kind, symbol, side, qty, offset, pick }: Command,
  known: Order | undefined,
): void {
  const { venue, account } = world;
  const basic = { symbol, side, qty: String(qty) };
  const limit_price = near(world, offset / 100, symbol);
  if (kind === 'wait') return;
  if (kind === 'market') place(world, basic);
  else if (kind === 'limit') {
    const time_in_force = (['gtc', 'day', 'gtc', 'ioc', 'fok'] as const)[pick % 5];
    place(world, { ...basic, type: 'limit', limit_price, time_in_force });
  } else if (kind === 'special') place(world, { ...basic, ...special(world, { symbol, side, pick }) });
  else if (kind === 'group') sendGroup(world, { symbol, qty, offset, pick });
  else if (known === undefined) return;
  else if (kind === 'cancel') cancelOrder(venue, known);
  else {
    const price = near(world, offset / 100, known.symbol);
    const terms = [{ qty }, { limit_price: price }, { qty, limit_price: price }, { stop_price: price }];
    replaceOrder(venue, account, known, terms[pick % terms.length]);
  }
}

function special(world: World, of: { symbol: Traded; side: string; pick: number }): Record<string, unknown> {
  const beyond = (of.side === 'buy' ? 0.002 : -0.002) * SYMBOLS[of.symbol];
  const stop_price = near(world, beyond, of.symbol);
  const kinds = [
    { type: 'trailing_stop', trail_percent: '0.5' },
    { type: 'stop', stop_price },
    { type: 'stop_limit', stop_price, limit_price: near(world, 2 * beyond, of.symbol) },
    { qty: undefined, notional: '777.77' },
    { qty: '1.234567891' },
  ];
  return kinds[of.pick % kinds.length] ?? {};
}

/** A bracket or OTO where nothing is held, an OCO for what is held. */
export function sendGroup(
  world: World,
  { symbol, qty, offset, pick }: Pick<Command, 'symbol' | 'qty' | 'offset' | 'pick'>,
): void {
  const held = world.account.positions.get(symbol)?.qty ?? 0n;
  const buys = held === 0n ? pick % 2 === 0 : held < 0n;
  const side = buys ? 'buy' : 'sell';
  const winning = (held === 0n) === buys ? 1 : -1;
  const distance = SYMBOLS[symbol] * (0.001 + Math.abs(offset) / 10_000);
  const [profit, loss] = [1, -1].map((sign) => near(world, sign * winning * distance, symbol));
  const exits = { take_profit: { limit_price: profit }, stop_loss: { stop_price: loss } };
  const basic = { symbol, side, qty: String(qty) };
  if (held !== 0n) {
    const most = Number((held < 0n ? -held : held) / 1_000_000_000n);
    const own = { qty: String(Math.min(qty, most)), order_class: 'oco', type: 'limit' };
    place(world, { ...basic, ...own, limit_price: profit, stop_loss: exits.stop_loss });
  } else if (pick % 3 === 0) place(world, { ...basic, order_class: 'oto', stop_loss: exits.stop_loss });
  else place(world, { ...basic, order_class: 'bracket', ...exits });
}
