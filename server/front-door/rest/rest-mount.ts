import { DeskError } from '@/domain/errors';
import type { Container } from '@/server/container';
import { appRouter } from '@/server/routers/root';
import { createContext } from '@/server/trpc/create-context';
import { describeFields, type PublicError, publicError } from '@/server/trpc/errors';
import type { RestRoute } from '@/server/trpc/meta';
import { callProcedure } from '../call-procedure';
import { identify, LimitedError, refuseForeignOrigin, refuseSecretsInAddress, spend } from '../edge';
import { type Listed, listProcedures } from '../procedures';
import { restError, sendJson, type Visit } from '../respond';
import { readRestInput, RestInputError } from './rest-input';
import { toSnakeCase } from './snake-case';

export type RestEntry = { route: RestRoute; listed: Listed; pattern: RegExp; names: string[] };

/** Every REST path of the router, the ones without parameters first. */
export function restTable(listed: Iterable<Listed>): RestEntry[] {
  const entries: RestEntry[] = [];
  for (const one of listed) {
    for (const route of one.meta.rest ?? []) {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const pattern = new RegExp(
        `^${route.path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '([^/]+)')}$`,
      );
      entries.push({ route, listed: one, pattern, names });
    }
  }
  return entries.sort((a, b) => a.names.length - b.names.length);
}

/** REST from the same router: one table, one key transform, the same limits and errors. */
export function createRestMount(desk: Container) {
  const entries = restTable(listProcedures(appRouter).values());

  function match(visit: Visit): { entry: RestEntry; params: Record<string, string> } {
    const fitting = entries.filter(({ pattern }) => pattern.test(visit.path));
    const entry = fitting.find(({ route }) => route.method === visit.req.method);
    if (entry === undefined) {
      if (fitting.length === 0)
        throw new DeskError(
          'not_found',
          `There is nothing at ${visit.path}. See /openapi.json for what there is.`,
        );
      const allowed = [...new Set(fitting.map(({ route }) => route.method))].join(', ');
      visit.res.setHeader('allow', allowed);
      throw new DeskError('method_not_allowed', `${visit.req.method} is not possible here; ${allowed} is.`);
    }
    const values = entry.pattern.exec(visit.path)?.slice(1) ?? [];
    return {
      entry,
      params: Object.fromEntries(entry.names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')])),
    };
  }

  async function answer(visit: Visit): Promise<void> {
    const { entry, params } = match(visit);
    const { route, listed } = entry;
    refuseForeignOrigin(desk, visit.req);
    refuseSecretsInAddress(visit);
    const who = await identify(desk, visit.req);
    await spend(desk, visit, who, [listed.meta.limit]);
    const input = await readRestInput(visit, route, listed.meta, params);
    const output = await callProcedure(listed.procedure, {
      path: listed.path,
      getRawInput: () => Promise.resolve(input),
      ctx: createContext(desk, visit.requestId, who),
      type: listed.type,
      signal: undefined,
      batchIndex: 0,
    });
    if (route.status === 204) {
      visit.res.writeHead(204).end();
      return;
    }
    const status = isPending(output, listed.meta.pending) ? 202 : (route.status ?? 200);
    sendJson(visit, status, toSnakeCase(route.pick === undefined ? output : field(output, route.pick)));
  }

  return {
    takes: (path: string) => path.startsWith('/api/v1/') || entries.some(({ pattern }) => pattern.test(path)),
    async serve(visit: Visit): Promise<void> {
      try {
        await answer(visit);
      } catch (error) {
        const shown = publicError(
          error instanceof URIError ? new DeskError('malformed', 'The address is not well-formed.') : error,
        );
        if (shown.status === 500)
          desk.log.error({ err: error, path: visit.path, requestId: visit.requestId }, 'a request failed');
        if (shown.code === 'too_large') visit.res.setHeader('connection', 'close');
        const limit = error instanceof LimitedError ? error.verdict : undefined;
        sendJson(
          visit,
          shown.status,
          restError(error instanceof RestInputError ? shown : inSnakeCase(shown), visit.requestId, limit),
        );
      }
    },
  };
}

function field(output: unknown, name: string): unknown {
  return typeof output === 'object' && output !== null
    ? Object.entries(output).find(([key]) => key === name)?.[1]
    : undefined;
}

function isPending(output: unknown, pending: readonly string[] | undefined): boolean {
  const status = field(output, 'status');
  return pending !== undefined && typeof status === 'string' && pending.includes(status);
}

/** REST speaks snake case in its refusals too: in the fields' names and in the line made of them. */
export function inSnakeCase(error: PublicError): PublicError {
  if (error.fields === undefined) return error;
  const fields = error.fields.map(({ field: name, message }) => ({ field: snakePath(name), message }));
  const isMadeOfFields = error.message === describeFields(error.fields);
  return { ...error, fields, message: isMadeOfFields ? describeFields(fields) : error.message };
}

function snakePath(path: string): string {
  return path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
