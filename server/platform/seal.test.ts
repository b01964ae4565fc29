import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSealer } from './seal';

const sealer = createSealer(randomBytes(32).toString('hex'));
const owner = { userId: 'usr_a', recordId: 'acc_a', field: 'connections.sealed_credentials' };
const box = z.object({ n: z.string(), t: z.string(), c: z.string() });
const envelope = z.object({ v: z.literal(1), kid: z.string(), key: box, data: box });

describe('a sealed secret', () => {
  test.each(['', 'PKTEST:secret', '秘密 🔑', 'x'.repeat(10_000)])('opens for its owner: %.20s', (secret) => {
    expect(sealer.open(sealer.seal(secret, owner), owner)).toBe(secret);
  });

  test.each([
    ['another user', { ...owner, userId: 'usr_b' }],
    ['another record', { ...owner, recordId: 'acc_b' }],
    ['another field', { ...owner, field: 'webhooks.secret' }],
    ['names that only look alike when put together', { ...owner, userId: 'usr_a","acc_a' }],
  ])('moved to %s does not open', (_title, thief) => {
    const sealed = sealer.seal('mine', owner);
    expect(() => sealer.open(sealed, thief)).toThrow(/authenticate/);
  });

  test('of two users swapped opens for neither', () => {
    const other = { ...owner, userId: 'usr_b', recordId: 'acc_b' };
    const [mine, theirs] = [sealer.seal('mine', owner), sealer.seal('theirs', other)];
    expect(() => sealer.open(theirs, owner)).toThrow(/authenticate/);
    expect(() => sealer.open(mine, other)).toThrow(/authenticate/);
  });

  test('does not open under another master key', () => {
    const stranger = createSealer(randomBytes(32).toString('hex'));
    expect(() => stranger.open(sealer.seal('mine', owner), owner)).toThrow(/authenticate/);
  });

  test('with any one bit flipped does not open', () => {
    const sealed = envelope.parse(JSON.parse(sealer.seal('a secret', owner)));
    for (const part of ['key', 'data'] as const) {
      for (const name of ['n', 't', 'c'] as const) {
        const bytes = Buffer.from(sealed[part][name], 'base64');
        for (let bit = 0; bit < bytes.length * 8; bit += 1) {
          const flipped = Buffer.from(bytes);
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const forged = { ...sealed, [part]: { ...sealed[part], [name]: flipped.toString('base64') } };
          expect(() => sealer.open(JSON.stringify(forged), owner)).toThrow(/authenticate/);
        }
      }
    }
  });

  test('with a shortened tag does not open', () => {
    const sealed = envelope.parse(JSON.parse(sealer.seal('a secret', owner)));
    const t = Buffer.from(sealed.data.t, 'base64').subarray(0, 4).toString('base64');
    const forged = { ...sealed, data: { ...sealed.data, t } };
    expect(() => sealer.open(JSON.stringify(forged), owner)).toThrow(/tag/i);
  });

  test('never repeats a nonce and never shows the text', () => {
    const seals = Array.from({ length: 5_000 }, () => sealer.seal('same secret', owner));
    const nonces = seals.flatMap((text) => {
      const { key, data } = envelope.parse(JSON.parse(text));
      return [key.n, data.n];
    });
    expect(new Set(nonces).size).toBe(10_000);
    expect(seals.join('')).not.toContain('same secret');
  });
});

test.each(['', 'ab', 'g'.repeat(64), 'a'.repeat(63)])(
  'a master key of another length is refused: "%s"',
  (key) => {
    expect(() => createSealer(key)).toThrow(/32 bytes/);
  },
);
