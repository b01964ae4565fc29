import { z } from 'zod';
import extract from './alpaca-schemas.json' with { type: 'json' };

export interface Schema {
  readonly type?: string | undefined;
  readonly properties?: Record<string, Schema> | undefined;
  readonly items?: Schema | undefined;
  readonly required?: readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly format?: string | undefined;
  readonly nullable?: boolean | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly $ref?: string | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    properties: z.record(z.string(), schema).optional(),
    items: schema.optional(),
    required: z.array(z.string()).optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    nullable: z.boolean().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    $ref: z.string().optional(),
    allOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    anyOf: z.array(schema).optional(),
    additionalProperties: z.union([z.boolean(), schema]).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
);
const schemas = z.record(z.string(), schema).parse(extract.schemas);

const operation = z.object({
  id: z.string(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string(),
  query: z.array(z.object({ name: z.string(), required: z.boolean(), schema })),
  inPath: z.array(z.string()),
  body: schema.nullable(),
  status: z.array(z.number()),
  answer: schema.nullable(),
});
export type Operation = z.infer<typeof operation>;

/** The operations of Alpaca's OpenAPI documents that are answered here. */
export const OPERATIONS: readonly Operation[] = z.array(operation).parse(extract.operations);

/** The schema itself, where another is referred to. */
export function resolved(rule: Schema): Schema {
  const name = rule.$ref?.split('/').at(-1);
  return name === undefined ? rule : resolved(schemas[name] ?? {});
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  decimal: /^-?\d+(\.\d+)?$/,
};

/** What is wrong with a value by one of Alpaca's schemas, each with the place; empty when nothing is. */
export function schemaProblems(name: string, value: unknown): string[] {
  const found = schemas[name];
  return found === undefined ? [`no schema ${name}`] : check(found, value, name);
}

/** What is wrong with an operation's answer. */
export const answerProblems = ({ id, answer }: Operation, value: unknown): string[] =>
  answer === null ? [] : check(answer, value, id);

function check(rule: Schema, value: unknown, at: string): string[] {
  if (rule.$ref !== undefined) {
    const found = schemas[rule.$ref.split('/').at(-1) ?? ''];
    return found === undefined
      ? [`${at}: no schema ${rule.$ref}`]
      : check({ ...found, nullable: rule.nullable ?? found.nullable }, value, at);
  }
  if (value === null) return rule.nullable === true ? [] : [`${at}: null`];
  const own = [
    ...checkKind(rule, value, at),
    ...(rule.allOf ?? []).flatMap((part) => check(part, value, at)),
    ...(fitsOne(rule.oneOf ?? rule.anyOf, value, at) ? [] : [`${at}: none of its forms`]),
  ];
  if (Array.isArray(value)) {
    const { items } = rule;
    return items === undefined
      ? own
      : [...own, ...spread(value).flatMap(([i, item]) => check(items, item, `${at}[${i}]`))];
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  return fields.success ? [...own, ...checkFields(rule, fields.data, at)] : own;
}

/** Of a list of thousands some two hundred items, from end to end: they are all made the same way. */
function spread(items: readonly unknown[]): [number, unknown][] {
  const stride = Math.ceil(items.length / 200);
  return [...items.entries()].filter(([i]) => i % stride === 0 || i === items.length - 1);
}

const fitsOne = (forms: readonly Schema[] | undefined, value: unknown, at: string): boolean =>
  forms === undefined || forms.some((form) => check(form, value, at).length === 0);

function checkFields(rule: Schema, fields: Record<string, unknown>, at: string): string[] {
  const missing = (rule.required ?? [])
    .filter((name) => !(name in fields))
    .map((name) => `${at}.${name}: missing`);
  const known = rule.properties ?? {};
  const others = typeof rule.additionalProperties === 'object' ? rule.additionalProperties : null;
  const more = Object.entries(fields).filter(([name]) => others !== null && !(name in known));
  return [
    ...missing,
    ...more.flatMap(([name, value]) => (others === null ? [] : check(others, value, `${at}.${name}`))),
    ...Object.entries(rule.properties ?? {}).flatMap(([name, part]) =>
      name in fields && fields[name] !== undefined ? check(part, fields[name], `${at}.${name}`) : [],
    ),
  ];
}

function checkKind(rule: Schema, value: unknown, at: string): string[] {
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const asked = rule.type === 'integer' ? 'number' : rule.type;
  if (asked !== undefined && asked !== kind) return [`${at}: ${kind}, not ${asked}`];
  const problems: string[] = [];
  if (rule.type === 'integer' && !Number.isInteger(value)) problems.push(`${at}: not whole`);
  if (rule.enum !== undefined && !rule.enum.includes(value))
    problems.push(`${at}: ${String(value)} is none of its values`);
  if (typeof value !== 'string') return problems;
  const form = FORMATS[rule.format ?? ''];
  if (form !== undefined && !form.test(value)) problems.push(`${at}: ${value} is no ${rule.format}`);
  if (value.length < (rule.minLength ?? 0)) problems.push(`${at}: too short`);
  if (value.length > (rule.maxLength ?? Infinity)) problems.push(`${at}: too long`);
  return problems;
}
