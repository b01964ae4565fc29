import * as fc from 'fast-check';
import type { Asked } from './alpaca-requests';
import { type Operation, resolved, type Schema } from './schema-check';

/** Hostile values, and those of another type than any schema asks for. */
export const ODD: readonly unknown[] = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  '0.0000000001',
  '999999999999999',
  '2026-02-30',
  'AAPL,',
  ',',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '%',
  '../..',
  '💥'.repeat(50),
  'x'.repeat(5_000),
  null,
  true,
  [],
  {},
  [1],
  { a: { b: [] } },
  -1,
  1.5,
  1e21,
];

/** All properties that a body may have, whichever of its forms it takes. */
function propertiesOf(rule: Schema): Record<string, Schema> {
  const own = resolved(rule);
  const parts = [...(own.allOf ?? []), ...(own.oneOf ?? []), ...(own.anyOf ?? [])];
  return Object.assign({}, own.properties, ...parts.map(propertiesOf));
}

/** Values that fit a schema, and those at the edge of it and just beyond. */
function valuesOf(rule: Schema): unknown[] {
  const { type, enum: choices, minimum, maximum, minLength, maxLength, format } = resolved(rule);
  if (choices !== undefined) return [...choices];
  if (type === 'boolean') return [true, false];
  if (type === 'integer' || type === 'number') {
    const [least, most] = [minimum ?? 1, maximum ?? 10_000];
    return [least, most, least - 1, most + 1, Math.round((least + most) / 2)];
  }
  if (format === 'date') return ['2026-11-16', '1970-01-01', '9999-12-31'];
  if (format === 'date-time') return ['2026-11-16T15:00:00Z', '2026-11-16', '0001-01-01T00:00:00Z'];
  const lengths = [minLength, maxLength, maxLength === undefined ? undefined : maxLength + 1];
  const long = lengths.filter((length) => length !== undefined).map((length) => 'a'.repeat(length));
  return ['1', '100.5', 'AAPL', 'BTC/USD', '1D', '5Min', 'day', '2026-11-16', ...long];
}

const valueOf = (rule: Schema): fc.Arbitrary<unknown> =>
  fc.oneof(fc.constantFrom(...valuesOf(rule)), fc.constantFrom(...ODD), fc.string());

interface Change {
  readonly name: string;
  readonly value: unknown;
  readonly drops: boolean;
}

/** Some of the schema's names, and one that it does not know, each with a value or left out. */
function changesOf(rules: Readonly<Record<string, Schema>>): fc.Arbitrary<Change[]> {
  const names = [...Object.keys(rules), 'no_such_name'];
  const one = fc
    .constantFrom(...names)
    .chain((name) =>
      fc.record({ name: fc.constant(name), value: valueOf(rules[name] ?? {}), drops: fc.boolean() }),
    );
  return fc.array(one, { maxLength: 4 });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Requests to an operation: the good one with parameters added, left out, out of bounds, of another type. */
export function anyRequest(operation: Operation, good: Asked): fc.Arbitrary<Asked & { raw: string | null }> {
  const query = changesOf(Object.fromEntries(operation.query.map(({ name, schema }) => [name, schema])));
  const body = changesOf(operation.body === null ? {} : propertiesOf(operation.body));
  const part = fc.option(fc.constantFrom(...ODD.map(textOf)), { freq: 6 });
  const whole = fc.option(fc.constantFrom('', '{', '[]', 'null', '"x"', '{"a":', '[[[['), { freq: 10 });
  return fc.record({ query, body, part, whole }).map((changes) => ({
    path: changes.part === null ? good.path : spoiled(operation, good.path, changes.part),
    query: Object.fromEntries(
      Object.entries(changed(good.query, changes.query)).map(([name, value]) => [name, textOf(value)]),
    ),
    body: good.body === undefined ? undefined : changed(good.body, changes.body),
    raw: good.body === undefined ? null : changes.whole,
  }));
}

/** The path with another value in the place of its last parameter. */
function spoiled({ path, inPath }: Operation, good: string, value: string): string {
  const places = path.split('/').flatMap((name, i) => (name.startsWith('{') ? [i] : []));
  const place = places.at(-1);
  if (inPath.length === 0 || place === undefined) return good;
  const parts = good.split('/');
  // A lone surrogate cannot be written in a path.
  parts[place] = encodeURIComponent(value.replaceAll(/[\ud800-\udfff]/gu, '?')).slice(0, 2_000) || '%20';
  return parts.join('/');
}

function changed(good: unknown, changes: readonly Change[]): Record<string, unknown> {
  const made = new Map(Object.entries(Object(good)));
  for (const { name, value, drops } of changes) {
    if (drops) made.delete(name);
    else made.set(name, value);
  }
  return Object.fromEntries(made);
}
