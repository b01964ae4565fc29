import { bits } from '../../market/hash';
import { type OptionName, parseOcc, writeOcc } from './occ-symbol';

/**
 * A contract's UUID holds the contract: no index of all contracts is needed to find one by id.
 * Letters and the digit behind them take 28 bits, the day 20, type and strike 28, all under a fixed mask; the rest checks them.
 */
const MASKS = [0x9d2c5680, 0x5bd1e995, 0x3c6ef372] as const;

/** Roots of five letters. */
const ROOTS = 27 ** 5;

function checkOf(a: number, b: number, c: number): number {
  return bits(0x0cc, a, b, c) & 0xfff_ffff;
}

const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, '0');

/** The id of a contract, the same in every process. */
export function contractIdOf(name: OptionName): string {
  let letters = 0;
  for (const letter of name.root) letters = letters * 27 + letter.charCodeAt(0) - 64;
  const [a, b, c] = [
    letters + name.suffix * ROOTS,
    name.expiry,
    Math.round(name.strike * 1000) * 2 + (name.type === 'call' ? 1 : 0),
  ];
  const check = hex(checkOf(a, b, c), 7);
  const [first, second, third] = [hex(a ^ MASKS[0], 8), hex(b ^ MASKS[1], 8), hex(c ^ MASKS[2], 8)];
  return `${first}-${second.slice(0, 4)}-4${check.slice(0, 3)}-8${second.slice(4, 7)}-${second.slice(7)}${third}${check.slice(3, 6)}`;
}

/** The contract of an id; null when the id was not made here. */
export function contractOfId(id: string): OptionName | null {
  const match =
    /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-8([0-9a-f]{3})-([0-9a-f])([0-9a-f]{8})([0-9a-f]{3})$/.exec(
      id.toLowerCase(),
    );
  if (match === null) return null;
  const [, first = '', left = '', , middle = '', right = '', third = ''] = match;
  const read = (text: string, mask: number): number => (parseInt(text, 16) ^ mask) >>> 0;
  const code = read(first, MASKS[0]);
  let letters = code % ROOTS;
  let root = '';
  for (; letters > 0; letters = Math.floor(letters / 27))
    root = String.fromCharCode(64 + (letters % 27)) + root;
  const last = read(third, MASKS[2]);
  const name: OptionName = {
    root,
    suffix: Math.floor(code / ROOTS),
    expiry: read(left + middle + right, MASKS[1]),
    type: last % 2 === 1 ? 'call' : 'put',
    strike: Math.floor(last / 2) / 1000,
  };
  if (name.suffix > 9 || name.expiry > 50_000) return null;
  return contractIdOf(name) === id.toLowerCase() ? parseOcc(writeOcc(name)) : null;
}
