import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startExchangeProcess } from './exchange-process';
import { createLogger } from './logger';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'st-exchange-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = () =>
  startExchangeProcess({
    entry: fileURLToPath(new URL('../../exchange/cli.ts', import.meta.url)),
    execArgv: ['--import', 'tsx'],
    dataDir,
    port: 0,
    seed: '1',
    clock: 'always-open',
    controlToken: 'token',
    log: createLogger('silent'),
  });

test('waits for the exchange that a killed desk left behind to end', async () => {
  const left = await start();
  let isUp = false;
  const next = start().then((exchange) => {
    isUp = true;
    return exchange;
  });
  await pause(1_500);
  expect(isUp).toBe(false);
  await left.stop();
  expect((await next).up).toBe(true);
  await (await next).stop();
}, 20_000);

test('says at once what keeps it from starting', async () => {
  await rm(dataDir, { recursive: true });
  dataDir = '/proc/none';
  await expect(start()).rejects.toThrow('data folder /proc/none cannot be made or written');
}, 20_000);
