import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../clock/new-york';
import { optionMarketOf } from '../derivatives/option-market';
import { makeWorld, type World } from '../testing/world';

/** A world with a dividend of KO on 2026-12-02, in which a call in the money and one far out are sold. */
function withCalls(rate: string, earlyAssignment = true): World & { deep: string; far: string } {
  const world = makeWorld({
    alwaysOpen: false,
    startAt: Date.parse('2026-12-01T15:00:00Z'),
    holding: { dividends: true, carry: false, earlyAssignment },
  });
  const { venue, account } = world;
  const dates = { declaration_date: '2026-12-01', ex_date: '2026-12-02', payable_date: '2026-12-10' };
  venue.commit({
    type: 'action_announced',
    symbol: 'KO',
    action: { type: 'cash_dividend', rate, special: false, ...dates },
  });
  const options = optionMarketOf(venue.market);
  const today = newYorkDay(venue.clock.now());
  const expiry = newYorkDay(Date.parse('2026-12-18T17:00:00Z'));
  const calls = [...options.contracts.list('KO', today, { from: expiry, to: expiry })].filter(
    ({ type }) => type === 'call',
  );
  const spot = options.spotAt('KO', venue.clock.now());
  const [deep, far] = [
    calls.findLast(({ strike }) => strike < spot * 0.96)?.symbol ?? '',
    calls.at(-1)?.symbol ?? '',
  ];
  const moved = { type: 'position_moved', account_id: account.id, price: '1' } as const;
  venue.commit({ ...moved, symbol: 'KO', qty: '300' });
  venue.commit({ ...moved, symbol: deep, qty: '-2' });
  venue.commit({ ...moved, symbol: far, qty: '-1' });
  return { ...world, deep, far };
}

const toExDate = (world: World): void =>
  world.wait(Date.parse('2026-12-02T14:00:00Z') - world.venue.clock.now());

describe('before an ex-date', () => {
  test('short calls with less time value than the dividend are assigned, and the shares earn none', () => {
    const world = withCalls('1.5');
    toExDate(world);
    const { account, deep, far } = world;
    expect(account.positions.has(deep)).toBe(false);
    expect(account.positions.get(far)?.qty).toBe(-1_000_000_000n);
    expect(account.positions.get('KO')?.qty).toBe(100_000_000_000n);
    expect(account.transfers.filter(({ type }) => type === 'OPASN')).toHaveLength(1);
    expect([...account.entitlements.values()].map(({ qty }) => qty)).toEqual([100_000_000_000n]);
  });

  test.each([
    ['when the dividend is a cent', '0.01', true],
    ['with paper fills', '1.5', false],
  ] as const)('nobody is assigned %s', (_title, rate, early) => {
    const world = withCalls(rate, early);
    toExDate(world);
    expect(world.account.positions.get(world.deep)?.qty).toBe(-2_000_000_000n);
    expect([...world.account.entitlements.values()].map(({ qty }) => qty)).toEqual([300_000_000_000n]);
  });
});
