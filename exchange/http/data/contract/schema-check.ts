import { z } from 'zod';

const record = z.record(z.string(), z.unknown());
const isRecord = (value: unknown): value is Record<string, unknown> => record.safeParse(value).success;

/** What is wrong with a value by an OpenAPI 3.0 schema: paths with reasons, none when it fits. */
export class SchemaCheck {
  readonly #document: Record<string, unknown>;

  constructor(document: Record<string, unknown>) {
    this.#document = document;
  }

  /** The object that a `$ref` names; others as they are. */
  resolve(schema: unknown): Record<string, unknown> {
    const own = record.parse(schema);
    const ref = own['$ref'];
    if (typeof ref !== 'string') return own;
    let found: unknown = this.#document;
    for (const part of ref.slice(2).split('/')) found = record.parse(found)[part];
    return this.resolve(found);
  }

  problems(given: unknown, value: unknown, path = '$'): string[] {
    const schema = this.resolve(given);
    if (value === null) return schema['nullable'] === true ? [] : [`${path}: null`];
    const parts = z.array(z.unknown()).safeParse(schema['allOf']);
    if (parts.success) return this.problems(this.#merged(parts.data), value, path);
    const options = z.array(z.unknown()).safeParse(schema['enum']);
    if (options.success && !options.data.includes(value)) return [`${path}: not one of the enum`];
    switch (schema['type']) {
      case 'object':
        return isRecord(value) ? this.#object(schema, value, path) : [`${path}: no object`];
      case 'array':
        return Array.isArray(value)
          ? value.flatMap((item, i) => this.problems(schema['items'], item, `${path}[${i}]`))
          : [`${path}: no array`];
      case 'integer':
        return Number.isSafeInteger(value) ? [] : [`${path}: no integer`];
      case 'number':
        return typeof value === 'number' && Number.isFinite(value) ? [] : [`${path}: no number`];
      case 'boolean':
        return typeof value === 'boolean' ? [] : [`${path}: no boolean`];
      default:
        return typeof value === 'string' ? text(schema, value, path) : [`${path}: no text`];
    }
  }

  /** One object schema of several that hold together. */
  #merged(parts: readonly unknown[]): Record<string, unknown> {
    const resolved = parts.map((part) => this.resolve(part));
    return {
      type: 'object',
      properties: Object.assign({}, ...resolved.map((part) => record.parse(part['properties'] ?? {}))),
      required: resolved.flatMap((part) => z.array(z.string()).parse(part['required'] ?? [])),
    };
  }

  #object(schema: Record<string, unknown>, value: Record<string, unknown>, path: string): string[] {
    const properties = record.parse(schema['properties'] ?? {});
    const required = z.array(z.string()).parse(schema['required'] ?? []);
    const missing = required
      .filter((name) => value[name] === undefined)
      .map((name) => `${path}.${name}: missing`);
    const rest = schema['additionalProperties'];
    const wrong = Object.entries(value).flatMap(([name, item]) => {
      const own = properties[name] ?? (isRecord(rest) ? rest : undefined);
      return own === undefined ? [`${path}.${name}: unknown`] : this.problems(own, item, `${path}.${name}`);
    });
    return [...missing, ...wrong];
  }
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

function text(schema: Record<string, unknown>, value: string, path: string): string[] {
  const form = FORMATS[String(schema['format'])];
  if (form !== undefined && !form.test(value)) return [`${path}: no ${String(schema['format'])}`];
  const least = Number(schema['minLength'] ?? 0);
  return value.length < least ? [`${path}: shorter than ${least}`] : [];
}
