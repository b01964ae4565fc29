/**
 * Counter-based randomness: every draw is a function of its coordinates, there is no state.
 * That is what makes a price of last year the same price each time it is asked for.
 */

/** Mixes a key with up to three counters into 32 uniform bits (murmur3's finaliser). */
export function bits(key: number, a: number, b: number, c: number): number {
  let h = key ^ Math.imul(a | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) ^ Math.imul(b | 0, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f) ^ Math.imul(c | 0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in [0, 1). */
export const uniform = (key: number, a: number, b: number, c: number): number =>
  bits(key, a, b, c) / 4_294_967_296;

/** Nearly normal, mean 0, variance 1, never beyond ±3.47 (a sum of four uniforms). */
export function gaussian(key: number, a: number, b: number, c: number): number {
  const x = bits(key, a, b, c);
  const y = bits(key ^ 0x5bd1e995, a, b, c);
  const sum = (x & 0xffff) + (x >>> 16) + (y & 0xffff) + (y >>> 16);
  return (sum / 65_535 - 2) * 1.7320508075688772;
}

/** A 32-bit key of a seed and a name (FNV-1a, then mixed). */
export function keyOf(seed: number, name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return bits(h, seed, Math.floor(seed / 4_294_967_296), 0x2545f491);
}
