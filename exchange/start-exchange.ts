import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { startClock } from './clock/venue-clock';
import { controlRoutes } from './control/routes';
import { ONE_DOLLAR, parseMoney } from './decimal/decimal';
import { ROUTES } from './http/routes';
import { makeServer } from './http/server';
import { parseTime } from './http/query';
import { type Journal, memoryJournal, openJournal } from './journal/journal';
import { lockDataDir } from './journal/lock';
import type { JournalRecord } from './journal/records';
import { Market } from './market/market';
import { pulse } from './matching/pulse';
import { type AccountOption, type Exchange, type ExchangeOptions, StartError } from './options';
import { readReplay } from './replay/read-replay';
import { Sockets } from './stream/sockets';
import { openAccount } from './venue/accounts';
import { Books } from './venue/books';
import { Venue } from './venue/venue';

const PULSE_MS = 25;
const FEED_MS = 100;

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
  if (!Number.isSafeInteger(seed)) throw new StartError('seed must be a whole number');
  if (!(speed >= 1 && speed <= 1000)) throw new StartError('speed must be from 1 to 1000');
  if (options.fills === 'honest')
    throw new StartError('fills "honest" is not available yet; use alpaca-paper');
  if (!(partialFillRate >= 0 && partialFillRate <= 1))
    throw new StartError('partialFillRate must be from 0 to 1');
  if (rateLimit !== 'off' && !(Number.isInteger(rateLimit) && rateLimit > 0)) {
    throw new StartError('rateLimit must be "off" or a whole number above 0');
  }
  if (clock === 'always-open' || clock === 'market-hours') {
    return { seed, speed, mode: clock, partialFillRate, rateLimit } as const;
  }
  const startAt = parseTime(clock);
  if (startAt === null) throw new StartError('clock must be always-open, market-hours or an RFC 3339 time');
  return { seed, speed, mode: { startAt }, partialFillRate, rateLimit } as const;
}

function lock(dataDir: string): () => void {
  try {
    return lockDataDir(dataDir);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function openStore(
  dataDir: string | undefined,
): Promise<{ journal: Journal; records: JournalRecord[] }> {
  if (dataDir === undefined) return { journal: memoryJournal(), records: [] };
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
  const { seed, speed, partialFillRate, rateLimit } = settings;
  const tapes = options.replay === undefined ? null : await readReplay(options.replay);
  const mode =
    tapes === null || options.clock !== undefined
      ? settings.mode
      : { startAt: Math.min(...[...tapes.values()].map((tape) => tape.start)) };
  const { journal, records } = await openStore(options.dataDir);
  undo.push(() => journal.close());
  const market = new Market(seed, mode === 'always-open');
  for (const [symbol, tape] of tapes ?? []) market.replay(symbol, tape);
  const books = new Books(market);
  for (const record of records) books.apply(record);
  const clock = startClock({ mode, speed, notBefore: books.lastAt, wallClock: () => Date.now() });
  const controlToken = options.controlToken ?? randomBytes(24).toString('base64url');
  const venue = new Venue({ books, market, clock, journal, settings: { seed, partialFillRate }, onFailure });
  for (const account of options.accounts ?? []) addAccount(venue, account);
  await venue.durable();
  const plan = options.plan ?? 'free';
  const onError = options.onError ?? ((): void => {});
  const sockets = new Sockets(venue, plan);
  const server = makeServer({
    venue,
    routes: [...ROUTES, ...controlRoutes(sockets)],
    controlToken,
    plan,
    rateLimit: rateLimit === 'off' ? null : rateLimit,
    onError,
  });
  sockets.attach(server);
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, options.port ?? 0, host);
  const beats = [every(PULSE_MS, () => pulse(venue), onError), every(FEED_MS, () => sockets.beat(), onError)];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= shutDown());

  async function shutDown(): Promise<void> {
    for (const beat of beats) clearInterval(beat);
    sockets.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await venue.close();
    undo[0]?.();
  }

  function onFailure(error: unknown): void {
    close()
      .catch(() => {})
      .finally(() => options.onFatal?.(error));
  }

  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, port, controlToken, close };
}

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
  if (cash === null || cash < 0n) throw new StartError(`account ${option.keyId}: cash is not a decimal >= 0`);
  try {
    openAccount(venue, { keyId: option.keyId, secret: option.secret, cash });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${error.code ?? error.message})`;
      reject(new StartError(`port ${port} on ${host} ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}
