import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absolute } from '../decimal/decimal';
import { parseJournal } from '../journal/journal';
import { cashBook, sharesBook, USD } from '../ledger/ledger';
import { Market } from '../market/market';
import { stateText } from '../testing/state-text';
import { makeWorld, place, type World } from '../testing/world';
import { Books } from '../venue/books';
import { splitQty } from './splits';

const DAY = 86_400_000;
const rates = fc.record({
  newRate: fc.integer({ min: 1, max: 40 }),
  oldRate: fc.integer({ min: 1, max: 40 }),
});

describe('a split', () => {
  test('keeps the worth of a holding: quantity at the divided price, and cash, to a micro-dollar', () => {
    const qty = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const price = fc.bigInt({ min: 10_000n, max: 5_000_000_000n });
    fc.assert(
      fc.property(qty, price, rates, (held, last, { newRate, oldRate }) => {
        const after = splitQty(held, last, { newRate, oldRate });
        // In exact fractions: new quantity × (price × old / new) + cash against old quantity × price.
        const [to, from] = [BigInt(newRate), BigInt(oldRate)];
        const before = held * last * to;
        const now = after.qty * last * from + after.cash * to * 1_000_000_000n;
        expect(absolute(now - before) * 2n <= to * 1_000_000_000n).toBe(true);
        expect(held < 0n ? after.qty % 1_000_000_000n : 0n).toBe(0n);
        expect(after.qty === 0n || after.qty < 0n === held < 0n).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

const SYMBOLS = ['AAPL', 'F', 'KO', 'TSLA'] as const;
const DATES = ['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-07'] as const;

const action = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  ex_date: fc.constantFrom(...DATES),
  rate: fc.oneof(
    fc.constantFrom([2, 1], [3, 1], [3, 2], [1, 8], [1, 3]),
    fc.constantFrom('0.25', '1.333333', '2'),
  ),
});
const step = fc.oneof(
  fc.record({ hold: fc.constantFrom(...SYMBOLS), qty: fc.integer({ min: -40, max: 40 }) }),
  fc.record({ order: fc.constantFrom(...SYMBOLS), limit: fc.boolean() }),
  fc.record({ days: fc.integer({ min: 1, max: 6 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function announce({ venue }: World, { symbol, ex_date, rate }: Action): void {
  const dates = { declaration_date: '2026-11-30', ex_date };
  if (typeof rate === 'string') {
    const terms = { payable_date: '2026-12-09', rate, special: false };
    venue.commit({ type: 'action_announced', symbol, action: { type: 'cash_dividend', ...dates, ...terms } });
    return;
  }
  const [new_rate = 1, old_rate = 1] = rate;
  venue.commit({ type: 'action_announced', symbol, action: { type: 'split', ...dates, new_rate, old_rate } });
}

function take(world: World, one: Step): void {
  const { venue, account } = world;
  if ('days' in one) return world.wait(one.days * DAY);
  if ('hold' in one) {
    const wanted = { account_id: account.id, symbol: one.hold, qty: String(one.qty), price: '50' };
    if (one.qty !== 0) venue.commit({ type: 'position_moved', ...wanted });
    return world.settle();
  }
  const terms = one.limit ? { type: 'limit', limit_price: '5', time_in_force: 'gtc' } : {};
  try {
    place(world, { symbol: one.order, qty: '3', ...terms });
  } catch {
    // Refused for a reason that is not this test's.
  }
  world.settle();
}

async function play(actions: readonly Action[], steps: readonly Step[]): Promise<World & { text: string }> {
  const world = makeWorld({
    startAt: Date.parse('2026-11-30T15:00:00Z'),
    holding: { dividends: true, carry: true, earlyAssignment: true },
  });
  const unique = new Map(actions.map((one) => [`${one.symbol}/${one.ex_date}/${typeof one.rate}`, one]));
  for (const one of unique.values()) announce(world, one);
  for (const [i, hold] of SYMBOLS.entries()) take(world, { hold, qty: i % 2 === 0 ? 7 : -9 });
  for (const one of steps) take(world, one);
  return { ...world, text: await world.venue.journalText() };
}

describe('a journal from before days were booked', () => {
  test('is read, and days are booked from its end on', async () => {
    const world = makeWorld({ startAt: Date.parse('2026-11-30T15:00:00Z') });
    announce(world, { symbol: 'KO', ex_date: '2026-12-02', rate: [2, 1] });
    take(world, { hold: 'KO', qty: 5 });
    const { records } = parseJournal(await world.venue.journalText());
    const old = records.filter(({ type }) => type !== 'day_opened');
    expect(old.length).toBe(records.length - 1);
    const later = makeWorld({ startAt: Date.parse('2026-12-03T15:00:00Z'), records: old });
    const [account] = later.venue.books.accounts.values();
    expect(account?.positions.get('KO')?.qty).toBe(5_000_000_000n);
    later.venue.catchUp();
    expect(account?.positions.get('KO')?.qty).toBe(10_000_000_000n);
    const opened = parseJournal(await later.venue.journalText()).records;
    const days = opened.flatMap((record) => (record.type === 'day_opened' ? [record.day] : []));
    expect(days).toEqual(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03']);
  });
});

describe('any actions on any holdings', () => {
  test('leave the books balanced, agree with them, and come out of the journal to the byte', async () => {
    const plays = fc.tuple(
      fc.array(action, { minLength: 2, maxLength: 6 }),
      fc.array(step, { minLength: 4, maxLength: 12 }),
    );
    let [splits, dividends] = [0, 0];
    await fc.assert(
      fc.asyncProperty(plays, async ([actions, steps]) => {
        const { venue, account, text } = await play(actions, steps);
        const { ledger } = venue.books;
        expect([...ledger.trialBalance().values()].every((sum) => sum === 0n)).toBe(true);
        expect(account.cash).toBe(ledger.balance(cashBook(account.id), USD));
        for (const { symbol, qty } of account.positions.values()) {
          expect(ledger.balance(sharesBook(account.id), symbol)).toBe(qty);
        }
        const moved = account.moves.reduce((sum, move) => sum + move.cash, 0n);
        expect(moved).toBe(account.cash);
        expect(account.moves.every((move, i) => i === 0 || (account.moves[i - 1]?.at ?? 0) <= move.at)).toBe(
          true,
        );
        const again = new Books(new Market(5, true));
        for (const record of parseJournal(text).records) again.apply(record);
        expect(stateText(again)).toBe(stateText(venue.books));
        splits += account.transfers.filter(({ type }) => type === 'SPLIT').length;
        dividends += account.transfers.filter(({ type }) => type === 'DIV').length;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(splits, dividends)).toBeGreaterThan(5);
  }, 60_000);
});
