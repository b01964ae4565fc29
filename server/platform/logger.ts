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

/** JSON lines on standard output; anything under a secret's name is masked, two levels deep. */
export function createLogger(level: string): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*["${key}"]`]);
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...new Set(paths)], censor: '[secret]' },
    formatters: { level: (label) => ({ level: label }) },
  });
}
