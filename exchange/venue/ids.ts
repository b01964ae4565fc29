import { createHash, randomBytes } from 'node:crypto';
import { uuidOf } from '../market/instruments';

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id that the same seed and the same commands give again. */
export const seededId = (seed: number, kind: string, number: number): string =>
  uuidOf(`${seed}/${kind}/${number}`);

/** A ULID: 48 bits of time, 48 of number, 32 of hash: sortable by time, then by number. */
export function ulid(at: number, number: number, name = ''): string {
  let value = (BigInt(at) << 80n) | (BigInt(number) << 32n);
  value |= BigInt(`0x${createHash('sha256').update(`${at}/${number}/${name}`).digest('hex').slice(0, 8)}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = (BASE32[Number(value & 31n)] ?? '0') + text;
    value >>= 5n;
  }
  return text;
}

const letters = (count: number): string =>
  [...randomBytes(count)].map((byte) => KEY_LETTERS[byte & 31] ?? 'A').join('');

/** A paper key id in Alpaca's form. */
export const newKeyId = (): string => `PK${letters(18)}`;
/** A secret key nobody can guess. */
export const newSecret = (): string => randomBytes(30).toString('base64url');
export const newSalt = (): string => randomBytes(12).toString('hex');

/** What the journal keeps of a secret. */
export const hashSecret = (salt: string, secret: string): string =>
  createHash('sha256').update(`${salt}:${secret}`).digest('hex');
