import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExchange } from './index';
import { buildCli } from './testing/built-cli';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let dir = '';
let cli = '';
beforeAll(async () => {
  dir = await mkdtemp('/tmp/ex-cli-');
  cli = await buildCli(dir);
  await writeFile(join(dir, 'odd.csv'), 'when,what\n1,2\n');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (...args: readonly string[]): Ended =>
  spawnSync(process.execPath, [cli, ...args.map((arg) => arg.replace('DIR', dir))], {
    encoding: 'utf8',
    timeout: 15_000,
  });

describe('the command line refuses a wrong flag with one line and exit code 2', () => {
  const wrong: readonly (readonly string[])[] = [
    ['--port', 'abc'],
    ['--port', '70000'],
    ['--port', '-1'],
    ['--port', '80.5'],
    ['--port', ''],
    ['--port'],
    ['--host', ''],
    ['--host', '203.0.113.7'],
    ['--data-dir', '/proc/nowhere'],
    ['--data-dir', ''],
    ['--seed', 'one'],
    ['--seed', '1.5'],
    ['--clock', 'sometimes'],
    ['--clock', '2026-13-40T00:00:00Z'],
    ['--clock', ''],
    ['--speed', '0'],
    ['--speed', '1001'],
    ['--speed', 'fast'],
    ['--account', 'nosecret'],
    ['--account', ':secret'],
    ['--account', 'id:secret:money'],
    ['--account', 'id:secret:-5'],
    ['--account', 'id:secret:5:more'],
    ['--account', 'id:one', '--account', 'id:two'],
    ['--tws-port', 'x'],
    ['--tws-port', '70000'],
    ['--tws-account', 'id'],
    ['--tws-port', '0', '--tws-account', 'nobody'],
    ['--rate-limit', '0'],
    ['--rate-limit', 'none'],
    ['--rate-limit', '1.5'],
    ['--plan', 'gold'],
    ['--fills', 'magic'],
    ['--depth', '0'],
    ['--latency', '-5'],
    ['--fee', 'some'],
    ['--replay', 'DIR/none.csv'],
    ['--replay', 'DIR/odd.csv'],
    ['--replay', ''],
    ['--snapshot-every', '0'],
    ['--nonsense', '1'],
    ['something'],
  ];
  test.each(wrong.map((args) => [args.join(' '), args] as const))('%s', (_, args) => {
    const { status, stdout, stderr } = run('--port', '0', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^outcry-exchange: [^\n]+\n$/);
    expect(stderr).not.toMatch(/^outcry-exchange: \w*Error/);
  });
});

describe('the command line', () => {
  test('ends with exit code 1 and one line where another start may go well: the port is in use', async () => {
    const exchange = await startExchange();
    const { status, stderr } = run('--port', String(exchange.port));
    await exchange.close();
    expect([status, stderr]).toEqual([1, `outcry-exchange: port ${exchange.port} on 127.0.0.1 is in use\n`]);
  });

  test('lists every flag with --help and exits well', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    const first = 'port host data-dir seed clock speed account rate-limit plan fills';
    const others = 'replay depth latency fee snapshot-every control-token tws-port tws-account help';
    for (const flag of `${first} ${others}`.split(' ')) expect(stdout).toContain(`--${flag} `);
  });

  test('takes a right value of every flag, and stops well', async () => {
    await writeFile(join(dir, 'bars.csv'), BARS);
    const text = `--port 0 --host 127.0.0.1 --data-dir ${dir}/data --seed 7 --clock 2026-11-20T15:00:00Z --speed 2
      --account ID:SECRET:500 --account B:S --tws-port 0 --tws-account ID --tws-account B --rate-limit off --plan paid --fills honest --depth 2 --latency 0
      --fee 0.001 --replay ${dir}/bars.csv --snapshot-every 5 --control-token t`;
    const args = text.split(/\s+/);
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    const url = /listening on (\S+)/.exec(line)?.[1] ?? '';
    const headers = { 'APCA-API-KEY-ID': 'ID', 'APCA-API-SECRET-KEY': 'SECRET' };
    const account: unknown = await (await fetch(`${url}/v2/account`, { headers })).json();
    expect(account).toMatchObject({ cash: '500' });
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await gone).toBe(0);
  });
});

const BARS = `symbol,timestamp,open,high,low,close,volume
KO,2026-11-20T14:59:00Z,70,71,69,70.5,1000
`;
