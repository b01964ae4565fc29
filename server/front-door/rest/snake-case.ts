const toSnake = new Map<string, string>();
const toCamel = new Map<string, string>();

/** Keys that are names (`limitPrice`); keys that are data, such as tickers, begin with a capital and stay. */
const NAME = /^[a-z][A-Za-z0-9]*$/;

export function snakeKey(key: string): string {
  const known = toSnake.get(key);
  if (known !== undefined) return known;
  if (!NAME.test(key)) return key;
  const made = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  toSnake.set(key, made);
  return made;
}

/** Null for a key that is not in snake case, such as `limitPrice`: REST has one spelling. */
export function camelKey(key: string): string | null {
  const known = toCamel.get(key);
  if (known !== undefined) return known;
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key)) return null;
  const made = key.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
  // Callers choose these keys, so only a bounded number is remembered.
  if (toCamel.size < 1000) toCamel.set(key, made);
  return made;
}

/** A value of ours with every name in snake case, all the way down. */
export function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snakeKey(key), toSnakeCase(inner)]));
}
