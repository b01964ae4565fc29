import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function base32(value: bigint, digits: number): string {
  let text = '';
  let rest = value;
  for (let digit = 0; digit < digits; digit += 1) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/**
 * An opaque id that sorts by time of making: prefix, 48 bits of milliseconds, 80 random bits.
 * `newId('ord', now)` gives e.g. `ord_01k9…`.
 */
export function newId(prefix: string, now: number): string {
  const random = BigInt(`0x${randomBytes(10).toString('hex')}`);
  return `${prefix}_${base32(BigInt(now), 10)}${base32(random, 16)}`;
}

/** 256 random bits for tokens and keys, URL-safe. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
