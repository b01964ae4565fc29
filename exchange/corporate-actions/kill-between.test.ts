import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const headers = { 'APCA-API-KEY-ID': 'PKKILL', 'APCA-API-SECRET-KEY': 'kill-secret' };
const ready = z.object({ type: z.literal('listening'), url: z.string() });
const HALF_DAY = 12 * 3_600_000;

let dir = '';
let cli = '';

beforeAll(async () => {
  dir = await mkdtemp('/tmp/ex-actions-');
  cli = join(dir, 'cli.cjs');
  const entryPoints = [join(import.meta.dirname, '../cli.ts')];
  const output = { outfile: cli, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
  await build({ entryPoints, ...output });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function spawn(): Promise<{ child: ChildProcess; url: string; gone: Promise<unknown> }> {
  const args = ['--port', '0', '--data-dir', join(dir, 'data'), '--account', 'PKKILL:kill-secret'];
  const more = ['--clock', '2026-11-24T15:00:00Z', '--fills', 'honest', '--control-token', 'token'];
  const child = fork(cli, [...args, ...more, '--rate-limit', 'off', '--snapshot-every', '3'], {
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(ready.parse(message).url));
    child.once('exit', (code) => reject(new Error(`exited with ${code}`)));
  });
  return { child, url, gone };
}

async function control(url: string, path: string, body: object): Promise<number> {
  const options = { method: 'POST', headers: { Authorization: 'Bearer token' }, body: JSON.stringify(body) };
  return (await fetch(`${url}/control/${path}`, options)).status;
}

async function read(url: string, path: string): Promise<unknown> {
  return (await fetch(url + path, { headers })).json();
}

describe('kill -9', () => {
  test('at any moment between ex-date and pay date loses nothing, and each thing happens once', async () => {
    let { child, url, gone } = await spawn();
    const split = { type: 'forward_split', symbol: 'KO', new_rate: 2, ex_date: '2026-11-27' };
    const dividend = { type: 'cash_dividend', symbol: 'KO', rate: '0.5', ex_date: '2026-11-25' };
    for (const action of [split, { ...dividend, payable_date: '2026-12-02' }]) {
      expect(await control(url, 'corporate-actions', action)).toBe(201);
    }
    await control(url, 'positions', { key_id: 'PKKILL', symbol: 'KO', qty: '100' });
    await control(url, 'positions', { key_id: 'PKKILL', symbol: 'F', qty: '-100' });
    let kills = 0;
    const clock = z.object({ timestamp: z.string() });
    for (let round = 0; round < 40; round += 1) {
      const { timestamp } = clock.parse(await read(url, '/v2/clock'));
      if (timestamp > '2026-12-03') break;
      // The answer may never come: the exchange is killed before, while or after it is written.
      const jump = control(url, 'clock', { advance_ms: HALF_DAY }).catch(() => 0);
      if (round % 2 === 1) await jump;
      else await sleep((round * 7) % 9);
      child.kill('SIGKILL');
      kills += 1;
      await Promise.all([gone, jump]);
      ({ child, url, gone } = await spawn());
    }
    const activities = z.array(
      z.object({
        activity_type: z.string(),
        net_amount: z.string(),
        date: z.string(),
        qty: z.string().optional(),
      }),
    );
    const seen = activities.parse(await read(url, '/v2/account/activities?direction=asc&page_size=100'));
    const position = z.object({ qty: z.string() }).parse(await read(url, '/v2/positions/KO'));
    child.kill('SIGKILL');
    await gone;
    expect(kills).toBeGreaterThan(6);
    expect(position.qty).toBe('200');
    const of = (type: string): string[] =>
      seen
        .filter((one) => one.activity_type === type)
        .map((one) => `${one.date} ${one.qty ?? ''} ${one.net_amount}`);
    expect(of('SPLIT')).toEqual(['2026-11-27 100 0']);
    expect(of('DIV')).toEqual(['2026-12-02 100 50']);
    // A fee for each trading day's nights, none twice and none forgotten.
    const days = of('FEE').map((line) => line.slice(0, 10));
    expect(days.slice(0, 5)).toEqual(['2026-11-25', '2026-11-27', '2026-11-30', '2026-12-01', '2026-12-02']);
    expect(new Set(days).size).toBe(days.length);
  }, 60_000);
});
