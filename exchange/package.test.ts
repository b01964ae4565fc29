import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'outcry-exchange-'));

const run = (command: string, args: string[], cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });

describe('the package, installed from its tarball in an empty folder', () => {
  beforeAll(() => {
    run('npm', ['pack', '--pack-destination', folder], PACKAGE);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    run('npm', [
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(folder, tarball),
    ]);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the command explains itself', () => {
    expect(run(join(folder, 'node_modules/.bin/outcry-exchange'), ['--help'])).toContain('--data-dir');
  });

  test("another project's test starts an exchange, trades and closes it", () => {
    const program = `
      import { startExchange } from '@outcry/exchange';
      const exchange = await startExchange({ accounts: [{ keyId: 'PK1', secret: 'S1' }] });
      const headers = { 'APCA-API-KEY-ID': 'PK1', 'APCA-API-SECRET-KEY': 'S1', 'content-type': 'application/json' };
      const body = JSON.stringify({ symbol: 'AAPL', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' });
      const order = await (await fetch(exchange.url + '/v2/orders', { method: 'POST', headers, body })).json();
      await exchange.close();
      process.stdout.write(order.status);`;
    expect(run(process.execPath, ['--input-type=module', '--eval', program])).toBe('pending_new');
  });

  test('the Parquet reader comes with it, and only who replays Parquet needs it', () => {
    const reader = join(folder, 'node_modules/hyparquet');
    expect(readdirSync(reader)).toContain('package.json');
    const program = (options: string) => `
      import { startExchange } from '@outcry/exchange';
      const said = await startExchange(${options}).then((exchange) => exchange.close(), (error) => error.message);
      process.stdout.write(String(said));`;
    const start = (options = '') =>
      run(process.execPath, ['--input-type=module', '--eval', program(options)]);
    writeFileSync(join(folder, 'x.parquet'), 'no Parquet');
    expect(start("{ replay: 'x.parquet' }")).toMatch(/^replay x\.parquet: 10 bytes are no Parquet file/);
    rmSync(reader, { recursive: true });
    expect(start()).toBe('undefined');
    expect(start("{ replay: 'x.parquet' }")).toMatch(/Cannot find package 'hyparquet'/);
  });

  test('types come with it', () => {
    expect(readdirSync(join(folder, 'node_modules/@outcry/exchange/dist'))).toContain('index.d.ts');
  });
});
