import { randomBytes } from 'node:crypto';
import type { AddressInfo, Server } from 'node:net';
import { HonestFills, type HonestSettings } from './book/honest-fills';
import { startClock } from './clock/venue-clock';
import { controlRoutes } from './control/routes';
import { ONE_DOLLAR, parseMoney } from './decimal/decimal';
import { ROUTES } from './http/routes';
import { makeServer } from './http/server';
import { parseTime } from './http/query';
import { openJournal, type OpenedJournal } from './journal/file-journal';
import { memoryJournal } from './journal/journal';
import { lockDataDir } from './journal/lock';
import { restoreBooks } from './journal/restore';
import { Market } from './market/market';
import { pulse } from './matching/pulse';
import {
  type AccountOption,
  type Exchange,
  type ExchangeOptions,
  type HonestOptions,
  OptionError,
  StartError,
} from './options';
import { readReplay } from './replay/read-replay';
import { Sockets } from './stream/sockets';
import { TwsGateway } from './tws/gateway';
import { openAccount } from './venue/accounts';
import { Venue } from './venue/venue';

const PULSE_MS = 25;
const TWS_MS = 100;
const FEED_MS = 100;
const SNAPSHOT_MS = 100;
/** How often a full disk is asked for space. */
const RECOVER_MS = 250;
const SNAPSHOT_RECORDS = 10_000;

/** Starts an exchange in this process. Throws a `StartError` with one clear line when it cannot. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const settings = checkOptions(options);
  const unlock = options.dataDir === undefined ? (): void => {} : lock(options.dataDir);
  const undo: (() => Promise<void> | void)[] = [unlock];
  try {
    return await start(options, settings, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

type Settings = ReturnType<typeof checkOptions>;

function checkOptions(options: ExchangeOptions) {
  const { seed = 1, speed = 1, clock = 'always-open', partialFillRate = 0.1, rateLimit = 200 } = options;
  const { snapshotEvery = SNAPSHOT_RECORDS } = options;
  if (options.twsPort === undefined && (options.twsAccounts ?? []).length > 0)
    throw new OptionError('an account for the TWS port needs the port');
  if (!Number.isSafeInteger(seed)) throw new OptionError('seed must be a whole number');
  if (!(speed >= 1 && speed <= 1000)) throw new OptionError('speed must be from 1 to 1000');
  const knobs = honestSettings(options.honest ?? {});
  const honest = options.fills === 'honest' ? knobs : null;
  if (!(Number.isInteger(snapshotEvery) && snapshotEvery > 0)) {
    throw new OptionError('snapshotEvery must be a whole number above 0');
  }
  if (!(partialFillRate >= 0 && partialFillRate <= 1))
    throw new OptionError('partialFillRate must be from 0 to 1');
  if (rateLimit !== 'off' && !(Number.isInteger(rateLimit) && rateLimit > 0)) {
    throw new OptionError('rateLimit must be "off" or a whole number above 0');
  }
  if (clock === 'always-open' || clock === 'market-hours') {
    return { seed, speed, mode: clock, partialFillRate, rateLimit, honest } as const;
  }
  const startAt = parseTime(clock);
  if (startAt === null) throw new OptionError('clock must be always-open, market-hours or an RFC 3339 time');
  return { seed, speed, mode: { startAt }, partialFillRate, rateLimit, honest } as const;
}

function honestSettings(options: HonestOptions): HonestSettings {
  const { depth = 1, latencyMs = 50 } = options;
  const feePerShare = parseMoney(String(options.feePerShare ?? 0));
  if (!(depth > 0 && depth <= 1_000)) throw new OptionError('honest depth must be above 0 and at most 1000');
  if (!(latencyMs >= 0 && latencyMs <= 60_000))
    throw new OptionError('honest latency must be from 0 to 60000');
  if (feePerShare === null || feePerShare < 0n) throw new OptionError('honest fee must be a decimal >= 0');
  return { depth, latencyMs, feePerShare };
}

function lock(dataDir: string): () => void {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function openStore(dataDir: string | undefined): Promise<OpenedJournal> {
  if (dataDir === undefined) return { journal: memoryJournal(), snapshot: null, records: [] };
  try {
    return await openJournal(dataDir);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new StartError(`journal in ${dataDir} cannot be opened: ${cause}`, { cause: error });
  }
}

async function start(
  options: ExchangeOptions,
  settings: Settings,
  undo: (() => Promise<void> | void)[],
): Promise<Exchange> {
  const { seed, speed, partialFillRate, rateLimit, honest } = settings;
  const tapes = options.replay === undefined ? null : await readReplay(options.replay).catch(notReadable);
  const mode =
    tapes === null || options.clock !== undefined
      ? settings.mode
      : { startAt: Math.min(...[...tapes.values()].map((tape) => tape.start)) };
  const opened = await openStore(options.dataDir);
  const { journal } = opened;
  undo.push(() => journal.close());
  const market = new Market(seed, mode === 'always-open');
  for (const [symbol, tape] of tapes ?? []) market.replay(symbol, tape);
  const books = restoreBooks(market, opened);
  const clock = startClock({ mode, speed, notBefore: books.lastAt, wallClock: () => Date.now() });
  const controlToken = options.controlToken ?? randomBytes(24).toString('base64url');
  let started: (() => Promise<void>) | null = null;
  const keptUpTo = opened.snapshot?.seq ?? 0;
  const parts = { books, market, clock, journal, keptUpTo, onFailure };
  const isHonest = honest !== null;
  const { dividends = isHonest, carry = isHonest } = options;
  const holding = { dividends, carry, earlyAssignment: isHonest && dividends };
  const venue = new Venue({ ...parts, settings: { seed, partialFillRate, holding } });
  for (const account of options.accounts ?? []) addAccount(venue, account);
  await venue.durable().catch((error: unknown) => {
    throw new StartError(`journal in ${options.dataDir} cannot be written: ${wordsOf(error)}`, {
      cause: error,
    });
  });
  const plan = options.plan ?? 'free';
  const onError = options.onError ?? ((): void => {});
  const sockets = new Sockets(venue, plan);
  const host = options.host ?? '127.0.0.1';
  const tws = options.twsPort === undefined ? null : await startGateway(venue, onError, { ...options, host });
  if (tws !== null) undo.push(() => tws.close());
  const server = makeServer({
    venue,
    routes: [...ROUTES, ...controlRoutes(sockets, tws)],
    controlToken,
    plan,
    rateLimit: rateLimit === 'off' ? null : rateLimit,
    onError,
  });
  sockets.attach(server);
  const port = await listen(server, options.port ?? 0, host);
  const snapshotEvery = options.snapshotEvery ?? SNAPSHOT_RECORDS;
  const fills = honest === null ? null : new HonestFills(venue, honest);
  const beats = [
    every(PULSE_MS, () => pulse(venue, fills), onError),
    every(FEED_MS, () => sockets.beat(), onError),
    every(TWS_MS, () => tws?.beat(), onError),
    every(RECOVER_MS, () => void venue.recover(), onError),
    every(SNAPSHOT_MS, () => void venue.snapshotEvery(snapshotEvery), onError),
  ];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= shutDown());
  started = close;

  async function shutDown(): Promise<void> {
    for (const beat of beats) clearInterval(beat);
    sockets.close();
    await tws?.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await venue.close();
    await undo[0]?.();
  }

  function onFailure(error: unknown): void {
    // Before it has started, the start itself fails.
    void started?.()
      .catch(() => {})
      .finally(() =>
        options.onFatal?.(new Error(`the journal cannot be written: ${wordsOf(error)}`, { cause: error })),
      );
  }

  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, twsPort: tws?.port ?? null, controlToken, close };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function notReadable(error: unknown): never {
  throw new OptionError(wordsOf(error), { cause: error });
}

/** Addresses that are not this machine's. */
const FOREIGN: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL', 'ENOTFOUND']);

/** Repeats a piece of work; a fault in it is told and does not end the repeating. */
function every(ms: number, work: () => void, onError: (error: unknown, id: string) => void): NodeJS.Timeout {
  return setInterval(() => {
    try {
      work();
    } catch (error) {
      onError(error, 'beat');
    }
  }, ms);
}

function addAccount(venue: Venue, option: AccountOption): void {
  const cash = option.cash === undefined ? 100_000n * ONE_DOLLAR : parseMoney(String(option.cash));
  if (cash === null || cash < 0n)
    throw new OptionError(`account ${option.keyId}: cash is not a decimal >= 0`);
  try {
    openAccount(venue, { keyId: option.keyId, secret: option.secret, cash });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Opens the TWS wire, with the accounts that it shows from the start. */
async function startGateway(
  venue: Venue,
  onError: (error: unknown, id: string) => void,
  {
    twsPort = 0,
    twsAccounts = [],
    host,
  }: { twsPort?: number; twsAccounts?: readonly string[]; host: string },
): Promise<TwsGateway> {
  const gateway = new TwsGateway(venue, onError);
  for (const keyId of twsAccounts) {
    try {
      gateway.show(keyId);
    } catch (error) {
      throw new OptionError(wordsOf(error), { cause: error });
    }
  }
  gateway.port = await listen(gateway.server, twsPort, host);
  return gateway;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${error.code ?? error.message})`;
      const kind = FOREIGN.has(error.code) ? OptionError : StartError;
      reject(new kind(`port ${port} on ${host} ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
