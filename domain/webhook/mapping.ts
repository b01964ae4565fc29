import type { FieldError } from '../errors';
import { submitOrderInput } from '../order/submit-order';
import { isObject, type JsonObject, own, readObject } from './json-object';
import { legNames, orderFieldNames, restPath } from './order-fields';

/**
 * A mapping is an order in the REST form whose values are fixed, or are `{{a.path}}` into the alert. It names
 * values and computes nothing.
 */
export const MAPPING_MAX = 8_000;

const PLACEHOLDER = /^\{\{\s*([\w-]+(?:\.[\w-]+)*)\s*\}\}$/;
const REFUSED_STEPS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', 'token']);

type Leaf = { path: string; own: string[]; value: unknown };
type Read = { leaves: Leaf[]; faults: FieldError[] };

const UNKNOWN = 'is not a field of an order';
/** A name chosen by the sender is repeated only when it can be a slip of the pen, and never a secret. */
const shown = (name: string) => (/^[\w.-]{1,40}$/.test(name) ? name : '(a field)');

/** Every value of an order in the REST form, under the desk's own name for it. */
function leavesOf(order: JsonObject): Read {
  const read: Read = { leaves: [], faults: [] };
  const fault = (field: string, message: string) => read.faults.push({ field, message });
  for (const [field, value] of Object.entries(order)) {
    const name = orderFieldNames.get(field);
    const inner = legNames(field);
    if (name === undefined) fault(shown(field), UNKNOWN);
    else if (inner === null) read.leaves.push({ path: field, own: [name], value });
    else if (!isObject(value)) fault(field, 'must be an object');
    else {
      for (const [part, price] of Object.entries(value)) {
        const partName = inner.get(part);
        if (partName === undefined) fault(`${field}.${shown(part)}`, UNKNOWN);
        else read.leaves.push({ path: `${field}.${part}`, own: [name, partName], value: price });
      }
    }
  }
  return read;
}

/** The order's fields as the desk names them; only names of our own become keys. */
function build(leaves: readonly Leaf[]): Record<string, unknown> {
  const order: Record<string, unknown> = {};
  for (const { own: path, value } of leaves) {
    const [name = '', part] = path;
    if (part === undefined) order[name] = value;
    else {
      const before = order[name];
      order[name] = { ...(isObject(before) ? before : {}), [part]: value };
    }
  }
  return order;
}

const placeholderOf = (value: unknown): string | null =>
  typeof value === 'string' ? (PLACEHOLDER.exec(value)?.[1] ?? null) : null;

/** What is wrong with a mapping, each with its field; nothing means that it may be kept. */
export function mappingFaults(text: string): FieldError[] {
  const order = readObject(text);
  if (order === null) return [{ field: 'mapping', message: 'must be a JSON object' }];
  const { leaves, faults } = leavesOf(order);
  const values = leaves.flatMap(({ path, value }) => leafFaults(path, value));
  const has = (path: string) => leaves.some((leaf) => leaf.path === path);
  const missing = ['symbol', 'side'].filter((path) => !has(path));
  if (!has('qty') && !has('notional')) missing.push('qty');
  const needed = missing.map((field) => ({ field, message: 'must be mapped' }));
  return [...faults, ...values, ...needed, ...fixedFaults(leaves)];
}

function leafFaults(field: string, value: unknown): FieldError[] {
  if (!['string', 'number', 'boolean'].includes(typeof value))
    return [{ field, message: 'must be a text, a number, true, false or a {{path}}' }];
  const path = placeholderOf(value);
  if (path === null) {
    return typeof value === 'string' && /\{\{|\}\}/.test(value)
      ? [{ field, message: 'must be one {{path}} and nothing else, such as {{strategy.order.action}}' }]
      : [];
  }
  const refused = path.split('.').find((step) => REFUSED_STEPS.has(step));
  return refused === undefined ? [] : [{ field, message: `a path may not go through ${refused}` }];
}

/**
 * What is wrong with the fixed values. One alone is held against its own field only, since the rules between
 * fields need what the alert brings; with nothing left to bring, the whole order is judged.
 */
function fixedFaults(leaves: readonly Leaf[]): FieldError[] {
  const fixed = leaves.filter(({ value }) => placeholderOf(value) === null);
  if (fixed.length === leaves.length) return faultsOf(submitOrderInput.safeParse(build(fixed)));
  return fixed.flatMap((leaf) =>
    faultsOf(submitOrderInput.safeParse(build([leaf]))).filter(({ field }) => field === leaf.path),
  );
}

type Parsed = ReturnType<typeof submitOrderInput.safeParse>;

function faultsOf(parsed: Parsed): FieldError[] {
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ field: restPath(path.map(String)), message }));
}

/** The value at a path of the alert; undefined where there is none. */
function valueAt(alert: JsonObject, path: string): unknown {
  let value: unknown = alert;
  for (const step of path.split('.')) {
    if (Array.isArray(value)) value = /^\d{1,4}$/.test(step) ? value[Number(step)] : undefined;
    else value = isObject(value) ? own(value, step) : undefined;
  }
  return value;
}

function fill(leaves: readonly Leaf[], alert: JsonObject): Read {
  const filled: Read = { leaves: [], faults: [] };
  for (const leaf of leaves) {
    const path = placeholderOf(leaf.value);
    const value = path === null ? leaf.value : valueAt(alert, path);
    if (value === undefined || value === null)
      filled.faults.push({ field: leaf.path, message: `the alert has no ${path}` });
    else filled.leaves.push({ ...leaf, value });
  }
  return filled;
}

export type AlertOrder =
  | { order: Extract<Parsed, { success: true }>['data']; faults: null }
  | { order: null; faults: FieldError[] };

/**
 * The order that an alert asks for: its body in the REST form, or what a mapping makes of it. `alert` is the body
 * without token and alert id. Faults name fields as alerts spell them.
 */
export function orderOfAlert(alert: JsonObject, mapping: string | null): AlertOrder {
  const template = mapping === null ? null : readObject(mapping);
  const read = leavesOf(template ?? alert);
  const filled = template === null ? read : fill(read.leaves, alert);
  const parsed = submitOrderInput.safeParse(build(filled.leaves));
  const known = new Set(filled.faults.map(({ field }) => field));
  const faults = [...filled.faults, ...faultsOf(parsed).filter(({ field }) => !known.has(field))];
  return parsed.success && faults.length === 0
    ? { order: parsed.data, faults: null }
    : { order: null, faults };
}
