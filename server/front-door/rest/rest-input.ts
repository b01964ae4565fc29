import { DeskError } from '@/domain/errors';
import type { ProcedureMeta, RestRoute } from '@/server/trpc/meta';
import { readBody, type Visit } from '../respond';
import { camelKey } from './snake-case';

const MAX_DEPTH = 8;

type Input = Record<string, unknown>;

/** A refusal that names a field in the caller's own spelling. */
export class RestInputError extends DeskError {
  constructor(field: string, message: string) {
    super('invalid_input', `${field}: ${message}`, { fields: [{ field, message }] });
  }
}

function add(input: Input, key: string, value: unknown): void {
  const name = camelKey(key);
  if (name === null) throw new RestInputError(key, 'is not a field of this call');
  if (Object.hasOwn(input, name) && input[name] !== value)
    throw new RestInputError(key, 'is given twice with different values');
  input[name] = value;
}

function addQuery(input: Input, query: string): void {
  const params = new URLSearchParams(query);
  for (const [key, value] of params) add(input, key, value);
}

async function addBody(input: Input, visit: Visit): Promise<void> {
  const text = await readBody(visit.req);
  if (text === '') return;
  if (!/^application\/json\b/i.test(visit.req.headers['content-type'] ?? '')) {
    throw new DeskError(
      'unsupported_media_type',
      'Send JSON, with the header Content-Type: application/json.',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new DeskError('malformed', `The body is not JSON: ${why}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new DeskError('malformed', 'The body must be a JSON object.');
  }
  for (const [key, value] of Object.entries(json)) add(input, key, inCamelCase(value, key));
}

/** Names inside a value in the procedures' spelling; `at` is where it stands, for a refusal. */
function inCamelCase(value: unknown, at: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RestInputError(at, 'is nested deeper than any field of this desk');
  if (Array.isArray(value)) return value.map((item) => inCamelCase(item, at, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const inner: Input = {};
  for (const [key, item] of Object.entries(value)) {
    const name = camelKey(key);
    if (name === null) throw new RestInputError(`${at}.${key}`, 'is not a field of this call');
    inner[name] = inCamelCase(item, `${at}.${key}`, depth + 1);
  }
  return inner;
}

/** Path, query, body and fixed values as one input in the procedures' spelling; undefined when there is none. */
export async function readRestInput(
  visit: Visit,
  route: RestRoute,
  meta: ProcedureMeta,
  params: Record<string, string>,
): Promise<Input | undefined> {
  const input: Input = {};
  for (const [key, value] of Object.entries({ ...route.fixed, ...params })) add(input, key, value);
  addQuery(input, visit.query);
  if (visit.req.method !== 'GET') await addBody(input, visit);
  const idempotencyKey = visit.req.headers['idempotency-key'];
  if (meta.takesIdempotencyKey === true && typeof idempotencyKey === 'string')
    add(input, 'idempotency_key', idempotencyKey);
  return Object.keys(input).length === 0 ? undefined : input;
}
