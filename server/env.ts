import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const perMinute = (calls: number, what: string) =>
  z.coerce
    .number({ error: 'must be a whole number from 1 to 1000000' })
    .int()
    .min(1)
    .max(1_000_000)
    .default(calls)
    .meta({ description: `Calls a minute for ${what}.` });

const port = (fallback: number, description: string) => {
  const error = 'must be a whole number from 0 to 65535';
  return z.coerce
    .number({ error })
    .int({ error })
    .min(0, { error })
    .max(65_535, { error })
    .default(fallback)
    .meta({ description });
};

const httpUrl = (description: string, fallback: string) =>
  z
    .url({ protocol: /^https?$/ })
    .default(fallback)
    .meta({ description });

const socketUrl = (description: string, fallback: string) =>
  z
    .url({ protocol: /^wss?$/ })
    .default(fallback)
    .meta({ description });

const GATEWAY_ADDRESS = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):[1-9]\d{0,4}$/;
/** Where IB Gateway and TWS listen for live accounts unless told otherwise; 4002 and 7497 are for paper. */
const LIVE_GATEWAY_PORTS: ReadonlySet<string> = new Set(['4001', '7496']);

/**
 * Every variable the desk reads, with its meaning and default. This file alone touches process.env;
 * `.env.example` and the reference page are generated from here.
 */
export const envSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('production')
    .meta({ description: 'development reloads code; production serves the build.' }),
  HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'Address to listen on.' }),
  PORT: port(3000, 'Port to listen on; 0 takes a free one.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: 'Address users reach the desk by, when a proxy stands in front.',
      example: 'https://desk.example.com',
    }),
  TRUST_PROXY: z
    .stringbool()
    .default(false)
    .meta({ description: 'Take the client address from X-Forwarded-For. Only behind your own proxy.' }),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .meta({ description: 'Folder for the database, secrets and the simulated exchange.' }),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|libsql:|https?:|wss?:)/, 'must start with file:, libsql:, http:, https:, ws: or wss:')
    .optional()
    .meta({
      description:
        'libSQL database; a file in DATA_DIR when empty. One desk leads a server’s, beside any workers.',
      example: 'libsql://desk.example.com',
    }),
  DATABASE_AUTH_TOKEN: z
    .string()
    .optional()
    .meta({ description: 'Token for a remote libSQL database.', secret: true }),
  NEXTAUTH_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .meta({ description: 'Signs browser sessions; made and kept in DATA_DIR when empty.', secret: true }),
  OUTCRY_MASTER_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .meta({ description: 'Seals broker keys; made and kept in DATA_DIR when empty.', secret: true }),
  METRICS_TOKEN: z.string().min(32, 'must have at least 32 characters').optional().meta({
    description: 'What /metrics asks for. When empty it answers this machine alone; set it behind a proxy.',
    secret: true,
  }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ description: 'Least severe log line written.' }),
  PUBLIC_QUOTES: z
    .stringbool()
    .optional()
    .meta({ description: 'Quotes without signing in, limited by address; on in development when empty.' }),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .meta({
      description:
        'Redis that shares limits between processes and, with a libSQL server, wakes workers; it must not evict. Each limits by itself when empty.',
      example: 'redis://127.0.0.1:6379',
      secret: true,
    }),
  RATE_LIMIT_GENERAL: perMinute(120, 'everything that has no class of its own'),
  RATE_LIMIT_QUOTES: perMinute(60, 'single quotes and bars'),
  RATE_LIMIT_BATCH: perMinute(30, 'batches of quotes'),
  RATE_LIMIT_ORDERS: perMinute(10, 'submitting orders'),
  RATE_LIMIT_AUTH: perMinute(10, 'signing up and signing in, by address'),
  RATE_LIMIT_HOOKS: perMinute(300, 'alerts to webhooks, by hook and by address'),
  ALPACA_BASE_URL: httpUrl(
    'Trading API for paper accounts: paper-api.alpaca.markets, or this machine.',
    'https://paper-api.alpaca.markets',
  ),
  ALPACA_DATA_URL: httpUrl('Market data API for paper accounts.', 'https://data.alpaca.markets'),
  ALPACA_STREAM_URL: socketUrl('Trade updates for paper accounts.', 'wss://paper-api.alpaca.markets/stream'),
  ALPACA_DATA_STREAM_URL: socketUrl(
    'Market data stream for paper accounts.',
    'wss://stream.data.alpaca.markets/v2/iex',
  ),
  LIVE_TRADING: z.stringbool().default(false).meta({
    description: 'Let live accounts, which trade real money, be added and armed; see docs/how-to/live.md.',
  }),
  ALPACA_LIVE_BASE_URL: httpUrl(
    'Trading API for live accounts: api.alpaca.markets, or this machine to rehearse.',
    'https://api.alpaca.markets',
  ),
  ALPACA_LIVE_DATA_URL: httpUrl('Market data API for live accounts.', 'https://data.alpaca.markets'),
  ALPACA_LIVE_STREAM_URL: socketUrl('Trade updates for live accounts.', 'wss://api.alpaca.markets/stream'),
  ALPACA_LIVE_DATA_STREAM_URL: socketUrl(
    'Market data stream for live accounts.',
    'wss://stream.data.alpaca.markets/v2/iex',
  ),
  IBKR_GATEWAY: z
    .string()
    .regex(GATEWAY_ADDRESS, 'must be host:port, such as 127.0.0.1:4002')
    .refine(
      (text) => !LIVE_GATEWAY_PORTS.has(text.slice(text.lastIndexOf(':') + 1)),
      'names a port where gateways of live accounts listen (4001, 7496); the desk trades paper accounts alone here',
    )
    .optional()
    .meta({
      description:
        'Interactive Brokers’ IB Gateway or TWS, logged in to paper accounts; off when empty. See docs/how-to/ibkr.md.',
      example: '127.0.0.1:4002',
    }),
  IBKR_CLIENT_ID: z.coerce
    .number({ error: 'must be a whole number from 0 to 999999' })
    .int()
    .min(0)
    .max(999_999)
    .default(7)
    .meta({ description: 'Which of the gateway’s clients this desk is; its alone, and always the same.' }),
  EXCHANGE_PORT: port(0, 'Loopback port of the simulated exchange; 0 takes a free one.'),
  EXCHANGE_SEED: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .default('1')
    .meta({ description: 'Seed of the simulated prices.' }),
  EXCHANGE_CLOCK: z
    .string()
    .default('always-open')
    .meta({ description: 'always-open, market-hours, or an RFC 3339 time to start at.' }),
});
export type Env = z.infer<typeof envSchema>;

/** The folder of package.json: both server/ and dist/ lie directly in it. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Under npm, a killed parent would leave this process running, and a desk's port taken. */
export function stopWithParent(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
}

/** next-auth reads the desk's address from the environment alone; it decides cookie names and redirects. */
export function publishAddress(url: string): void {
  process.env['NEXTAUTH_URL'] = url;
}

/** Wrong or missing variables, one line each. */
export class EnvError extends Error {}

/** Reads the environment once; an empty variable counts as not set. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const set = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = envSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvError(lines.join('\n'));
}
