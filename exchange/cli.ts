#!/usr/bin/env node
import { parseArgs } from 'node:util';
import {
  type AccountOption,
  type Exchange,
  type ExchangeOptions,
  FolderInUse,
  OptionError,
  StartError,
} from './options';
import { startExchange } from './start-exchange';

const HELP = `outcry-exchange: a simulated exchange that speaks the wire protocols of Alpaca and of IB Gateway

  --port N                  port for REST, streams and control (default 7400; 0 takes any)
  --host ADDRESS            address to listen on (default 127.0.0.1)
  --data-dir FOLDER         where the journal is kept (default: nothing is kept)
  --seed N                  whole number that the market comes from (default 1)
  --clock MODE              always-open (default), market-hours, or an RFC 3339 time to start at
  --replay FILE             CSV or Parquet of bars, trades or quotes to play for its symbols;
                            columns: symbol,timestamp and open,high,low,close,volume or price,size
                            or bid_price,bid_size,ask_price,ask_size; starts at its first time
                            unless --clock says otherwise
  --speed N                 simulated seconds for each real one, 1 to 1000 (default 1)
  --account ID:SECRET[:CASH]  an account that exists from the start; may be given again
  --tws-port N              port for the TWS API protocol of Interactive Brokers (default: none; 0 takes any)
  --tws-account ID          an account that the TWS port shows; may be given again
  --rate-limit N|off        requests a minute for each account (default 200)
  --plan free|paid          free: 30 symbols and 1 connection on the data stream (default)
  --fills alpaca-paper|honest  at the best price, size unchecked (default), or from a book with a queue
  --depth N                 honest: shares on a level as a multiple of the quoted size (default 1)
  --latency MS              honest: time from acceptance to the book (default 50)
  --fee DOLLARS             honest: fee a share (default 0)
  --dividends on|off        paid on what is held (default: on with honest fills, else off)
  --carry on|off            borrowed shares and money cost (default: on with honest fills, else off)
  --snapshot-every N        records of the journal between two snapshots (default 10000)
  --control-token TOKEN     token for /control (also EXCHANGE_CONTROL_TOKEN; default random)
  --help                    this text

exit codes: 0 stopped, 1 cannot start or go on (port in use, disk), 2 wrong flags, 3 data folder in use
`;

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  seed: { type: 'string' },
  clock: { type: 'string' },
  replay: { type: 'string' },
  speed: { type: 'string' },
  account: { type: 'string', multiple: true },
  'tws-port': { type: 'string' },
  'tws-account': { type: 'string', multiple: true },
  'rate-limit': { type: 'string' },
  plan: { type: 'string' },
  fills: { type: 'string' },
  depth: { type: 'string' },
  latency: { type: 'string' },
  fee: { type: 'string' },
  dividends: { type: 'string' },
  carry: { type: 'string' },
  'snapshot-every': { type: 'string' },
  'control-token': { type: 'string' },
  help: { type: 'boolean' },
} as const;

function numberOf(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new OptionError(`--${name} must be a number, not "${text}"`);
  return value;
}

function portOf<T extends number | null>(name: string, text: string | undefined, fallback: T): number | T {
  if (text === undefined) return fallback;
  const port = numberOf(name, text, 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new OptionError(`--${name} must be from 0 to 65535`);
}

function choiceOf<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new OptionError(`--${name} must be ${choices.join(' or ')}, not "${text}"`);
  return found;
}

function accountOf(text: string): AccountOption {
  const [keyId, secret, cash, ...rest] = text.split(':');
  if (!keyId || !secret || rest.length > 0)
    throw new OptionError('--account must be ID:SECRET or ID:SECRET:CASH');
  return cash === undefined ? { keyId, secret } : { keyId, secret, cash };
}

function readFlags(argv: readonly string[]): ExchangeOptions | 'help' {
  let values: ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...argv], options: FLAGS, strict: true }));
  } catch (error) {
    // Node explains over several lines.
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new OptionError(line, { cause: error });
  }
  if (values.help === true) return 'help';
  const port = portOf('port', values.port, 7400);
  const twsPort = portOf('tws-port', values['tws-port'], null);
  const limit = values['rate-limit'];
  const token = values['control-token'] ?? process.env['EXCHANGE_CONTROL_TOKEN'];
  const [plan, fills] = [
    choiceOf('plan', values.plan, ['free', 'paid']),
    choiceOf('fills', values.fills, ['alpaca-paper', 'honest']),
  ];
  const [dividends, carry] = [
    choiceOf('dividends', values.dividends, ['on', 'off']),
    choiceOf('carry', values.carry, ['on', 'off']),
  ];
  for (const name of ['host', 'data-dir', 'replay', 'clock'] as const) {
    if (values[name] === '') throw new OptionError(`--${name} must not be empty`);
  }
  return {
    port,
    host: values.host ?? '127.0.0.1',
    seed: numberOf('seed', values.seed, 1),
    speed: numberOf('speed', values.speed, 1),
    accounts: (values.account ?? []).map(accountOf),
    snapshotEvery: numberOf('snapshot-every', values['snapshot-every'], 10_000),
    honest: {
      depth: numberOf('depth', values.depth, 1),
      latencyMs: numberOf('latency', values.latency, 50),
      feePerShare: values.fee ?? 0,
    },
    rateLimit: limit === 'off' ? 'off' : numberOf('rate-limit', limit, 200),
    ...(twsPort === null ? {} : { twsPort }),
    twsAccounts: values['tws-account'] ?? [],
    ...(values.clock === undefined ? {} : { clock: values.clock }),
    ...(values.replay === undefined ? {} : { replay: values.replay }),
    ...(values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] }),
    ...(token === undefined || token === '' ? {} : { controlToken: token }),
    ...(plan === undefined ? {} : { plan }),
    ...(fills === undefined ? {} : { fills }),
    ...(dividends === undefined ? {} : { dividends: dividends === 'on' }),
    ...(carry === undefined ? {} : { carry: carry === 'on' }),
  };
}

const complain = (text: string): boolean => process.stderr.write(`outcry-exchange: ${text}\n`);

async function main(): Promise<void> {
  const options = readFlags(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  let exchange: Exchange | null = null;
  const stop = (): void => {
    // Nothing is promised to anybody yet: what a start had done so far the next one takes over.
    if (exchange === null) process.exit(0);
    // Whatever happens, a stop takes no longer than this.
    setTimeout(() => process.exit(1), 1_800).unref();
    exchange.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const end of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(end, stop);
  // Forked by one that died before this line was reached.
  if (process.send !== undefined && !process.connected) stop();
  exchange = await startExchange({
    ...options,
    onError: (error, id) =>
      complain(`fault in request ${id}: ${error instanceof Error ? error.stack : String(error)}`),
    onFatal: (error) => {
      complain(`stopped: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    },
  });
  const tws = exchange.twsPort === null ? '' : ` (TWS on port ${exchange.twsPort})`;
  process.stdout.write(`outcry-exchange: listening on ${exchange.url}${tws}\n`);
  process.send?.({ type: 'listening', url: exchange.url, port: exchange.port, twsPort: exchange.twsPort });
}

main().catch((error: unknown) => {
  const line =
    error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  complain(line ?? 'cannot start');
  process.exit(error instanceof OptionError ? 2 : error instanceof FolderInUse ? 3 : 1);
});
