import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

const box = z.object({ n: z.string(), t: z.string(), c: z.string() });
const envelope = z.object({ v: z.literal(1), kid: z.string(), key: box, data: box });

function encrypt(key: Buffer, plain: Buffer, aad: string): z.infer<typeof box> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(aad));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    n: nonce.toString('base64'),
    t: cipher.getAuthTag().toString('base64'),
    c: sealed.toString('base64'),
  };
}

function decrypt(key: Buffer, sealed: z.infer<typeof box>, aad: string): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(sealed.n, 'base64'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(Buffer.from(sealed.t, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.c, 'base64')), decipher.final()]);
}

/** Seals secrets at rest; `owner` is bound in, so an envelope moved to another record does not open. */
export type Sealer = {
  seal(plain: string, owner: SealOwner): string;
  open(sealed: string, owner: SealOwner): string;
};
export type SealOwner = { userId: string; recordId: string; field: string };

/** AES-256-GCM with a fresh data key for every record, wrapped by the master key (64 hex digits). */
export function createSealer(masterKeyHex: string): Sealer {
  const master = Buffer.from(masterKeyHex, 'hex');
  if (master.length !== KEY_BYTES) throw new Error('the master key must have 32 bytes');
  const aadOf = (owner: SealOwner) =>
    JSON.stringify(['outcry', 1, owner.userId, owner.recordId, owner.field]);
  return {
    seal(plain, owner) {
      const aad = aadOf(owner);
      const dataKey = randomBytes(KEY_BYTES);
      const sealed: z.infer<typeof envelope> = {
        v: 1,
        kid: 'm1',
        key: encrypt(master, dataKey, aad),
        data: encrypt(dataKey, Buffer.from(plain, 'utf8'), aad),
      };
      return JSON.stringify(sealed);
    },
    open(text, owner) {
      const aad = aadOf(owner);
      const sealed = envelope.parse(JSON.parse(text));
      return decrypt(decrypt(master, sealed.key, aad), sealed.data, aad).toString('utf8');
    },
  };
}
