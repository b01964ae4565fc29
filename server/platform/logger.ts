import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

const SECRET_KEYS = [
  'password',
  'secret',
  'secretKey',
  'alpacaSecretKey',
  'alpacaApiKey',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'apiKey',
  'keyId',
];

type LoggedError = { type: string; message: string; code?: string; stack: string[]; cause?: LoggedError };

const CAUSES_MAX = 5;

/**
 * An error without what it was given: a failed statement carries its values in its message (drizzle), and
 * among them are hashes and sealed keys. Of the stack only the frames stay, for it repeats the message.
 */
function withoutValues(error: Error, depth = 0): LoggedError {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const [message = ''] = error.message.split('\nparams: ', 1);
  return {
    type: error.name,
    message,
    ...('code' in error ? { code: String(error.code) } : {}),
    stack: frames.map((line) => line.trim()),
    ...(error.cause instanceof Error && depth < CAUSES_MAX
      ? { cause: withoutValues(error.cause, depth + 1) }
      : {}),
  };
}

/** JSON lines on standard output; anything under a secret's name is masked, two levels deep. */
export function createLogger(level: string): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*["${key}"]`]);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...new Set(paths)], censor: '[secret]' },
    serializers: { err: (value: unknown) => (value instanceof Error ? withoutValues(value) : value) },
    formatters: { level: (label) => ({ level: label }) },
  });
}
