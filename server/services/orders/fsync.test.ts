import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeskProcess, startDeskProcess } from '@/server/testing/desk-process';
import { signUp, type Trader } from '@/server/testing/trader';

/** Where the system lets nobody trace (some containers), nothing can be counted: the tests show as skipped. */
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

describe.skipIf(!canTrace)('what a power cut would leave', () => {
  const folder = mkdtempSync(join(tmpdir(), 'st-fsync-'));
  const trace = join(folder, 'trace');
  let desk: DeskProcess;
  let trader: Trader;
  beforeAll(async () => {
    desk = await startDeskProcess({}, ['strace', '-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace]);
    trader = await signUp(desk.url);
  }, 60_000);
  afterAll(async () => {
    await desk.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How often the desk's own database was forced to disk so far; the exchange's journal does not count. */
  const syncs = () =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('outcry.db')).length;

  const submit = (limitPrice: string) =>
    trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice, qty: '1' });

  test('every order is forced to disk before its acknowledgement, at least once', async () => {
    const before: number[] = [];
    for (let order = 0; order < 20; order += 1) {
      before.push(syncs());
      await submit(`1.${String(order).padStart(2, '0')}`);
    }
    const after = [...before.slice(1), syncs()];
    expect(before.filter((count, at) => (after[at] ?? 0) <= count)).toEqual([]);
  });

  test('reading forces nothing, so what is counted above is the orders', async () => {
    await until(() => syncs());
    const before = syncs();
    for (let read = 0; read < 20; read += 1) await trader.trpc.orders.list.query();
    expect(syncs()).toBe(before);
  });
});

/** Waits until a count has stood still for a second: what the orders stirred is done. */
async function until(count: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 10; ) {
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
