import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  sessionSecret: z.string().min(32),
  tokenSecret: z.string().min(32),
  masterKey: z.string().regex(/^[0-9a-f]{64}$/),
  exchangeControlToken: z.string().min(32),
  marketDataKeyId: z.string(),
  marketDataSecret: z.string().min(32),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** The secrets cannot be read; a person has to bring them back. */
export class DamagedSecretsError extends Error {}

const random = (bytes: number) => randomBytes(bytes).toString('hex');

function makeSecrets(): Secrets {
  return {
    sessionSecret: random(32),
    tokenSecret: random(32),
    masterKey: random(32),
    exchangeControlToken: random(32),
    marketDataKeyId: `SIM${random(8).toUpperCase()}`,
    marketDataSecret: random(32),
  };
}

/**
 * This installation's own secrets, made at the first start and kept in `DATA_DIR/secrets.json`, mode 0600.
 * A file that others could read is closed to them. Throws `DamagedSecretsError` rather than make a new one,
 * which would orphan every sealed key.
 */
export function loadSecrets(dataDir: string): Secrets {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    const fresh = `${file}.${process.pid}.new`;
    writeFileSync(fresh, `${JSON.stringify(makeSecrets(), null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(fresh, file);
  }
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  const parsed = secretsSchema.safeParse(readJson(file));
  if (!parsed.success) {
    throw new DamagedSecretsError(
      `${file} is damaged; restore it from a backup, because sealed broker keys need it`,
    );
  }
  return parsed.data;
}

/** The file's value, or undefined. The parser's own words would quote the secrets. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
