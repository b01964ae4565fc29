import { z } from 'zod';
import { appRouter } from '@/server/routers/root';
import { type Listed, listProcedures } from '../procedures';
import { restTable, type RestEntry } from './rest-mount';
import { snakeKey } from './snake-case';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Schema in REST's spelling, its definitions moved to `components`. */
function restSchema(schema: z.ZodType, io: 'input' | 'output', components: JsonObject): Json {
  const made: Json = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })),
  );
  const { $defs, $schema: _dialect, id: _id, ...rest } = isObject(made) ? made : {};
  for (const [name, definition] of Object.entries(isObject($defs) ? $defs : {}))
    components[name] ??= respell(definition);
  return respell(rest);
}

function respell(value: Json): Json {
  if (Array.isArray(value)) return value.map(respell);
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'properties' && isObject(inner)) {
      out[key] = Object.fromEntries(
        Object.entries(inner).map(([name, schema]) => [snakeKey(name), respell(schema)]),
      );
    } else if (key === 'required' && Array.isArray(inner)) {
      out[key] = inner.map((name) => (typeof name === 'string' ? snakeKey(name) : name));
    } else if (key === '$ref' && typeof inner === 'string') {
      out[key] = inner.replace('#/$defs/', '#/components/schemas/');
    } else if (key !== 'id' || typeof inner !== 'string') out[key] = respell(inner);
  }
  return out;
}

function schemasOf(listed: Listed): { input: z.ZodType | null; output: z.ZodType | null } {
  const def: { inputs?: unknown; output?: unknown } = listed.procedure._def;
  const input = Array.isArray(def.inputs) ? def.inputs.at(-1) : undefined;
  return {
    input: input instanceof z.ZodType ? input : null,
    output: def.output instanceof z.ZodType ? def.output : null,
  };
}

function deref(schema: Json, components: JsonObject): JsonObject {
  if (!isObject(schema)) return {};
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  const target = components[ref.replace('#/components/schemas/', '')];
  return isObject(target) ? target : {};
}

function operation({ route, listed, names }: RestEntry, components: JsonObject): JsonObject {
  const { input, output } = schemasOf(listed);
  const inputSchema = input === null ? {} : deref(restSchema(input, 'input', components), components);
  const properties = isObject(inputSchema['properties']) ? inputSchema['properties'] : {};
  const required = Array.isArray(inputSchema['required']) ? inputSchema['required'] : [];
  const given = new Set([...names, ...Object.keys(route.fixed ?? {})]);
  const fields = Object.entries(properties).filter(([name]) => !given.has(name));
  const parameters: Json[] = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }));
  const isRead = route.method === 'GET';
  if (isRead)
    for (const [name, schema] of fields)
      parameters.push({ name, in: 'query', required: required.includes(name), schema });
  if (listed.meta.takesIdempotencyKey === true)
    parameters.push({ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } });
  const schema = output === null || route.status === 204 ? null : picked(output, route.pick, components);
  const responses: JsonObject = {
    [String(route.status ?? 200)]: response('Done', schema),
    default: response('An error', { $ref: '#/components/schemas/Error' }),
  };
  if (listed.meta.pending !== undefined)
    responses['202'] = response("Accepted; the venue's word is out", schema);
  const body = {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: required.filter((name) => typeof name === 'string' && !given.has(name)),
    additionalProperties: false,
  };
  return {
    operationId: `${listed.path}:${route.method}:${route.path}`.replaceAll(/[^\w]+/g, '_'),
    summary: listed.meta.summary,
    tags: [listed.path.split('.')[0] ?? 'desk'],
    parameters,
    ...(isRead || fields.length === 0
      ? {}
      : {
          requestBody: {
            required: body.required.length > 0 || (given.size === 0 && !takesNothing(input)),
            content: { 'application/json': { schema: body } },
          },
        }),
    responses,
  };
}

const takesNothing = (input: z.ZodType | null): boolean =>
  input === null || input.safeParse(undefined).success;

function response(description: string, schema: Json): JsonObject {
  return schema === null ? { description } : { description, content: { 'application/json': { schema } } };
}

function picked(output: z.ZodType, pick: string | undefined, components: JsonObject): Json {
  const schema = restSchema(output, 'output', components);
  if (pick === undefined) return schema;
  const properties = deref(schema, components)['properties'];
  return isObject(properties) ? (properties[snakeKey(pick)] ?? {}) : {};
}

const ERROR: JsonObject = {
  type: 'object',
  required: ['detail', 'code', 'request_id'],
  properties: {
    detail: { type: 'string', description: 'What happened, why, and what to do' },
    code: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'message'],
      },
    },
    venue_code: { type: 'string' },
    rule: { type: 'string', description: 'the risk rule that denied an order' },
    limit: { type: 'integer' },
    remaining: { type: 'integer' },
    reset_time: { type: 'integer', description: 'epoch seconds' },
  },
};

/** The OpenAPI 3.1 document of the REST interface, made from the procedures' own schemas. */
export function openApiDocument(version: string): JsonObject {
  const components: JsonObject = { Error: ERROR };
  const paths: JsonObject = {};
  for (const entry of restTable(listProcedures(appRouter).values())) {
    const { path, method } = entry.route;
    const known = paths[path];
    paths[path] = { ...(isObject(known) ? known : {}), [method.toLowerCase()]: operation(entry, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Outcry',
      version,
      description: 'The open trading desk. Money and quantities are decimal strings; times are RFC 3339 UTC.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      schemas: components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}
