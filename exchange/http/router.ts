import type { AccountCall, Call, Reply } from './call';

type Handler<C> = (call: C) => Reply | Promise<Reply>;

/** One row of the table of routes. A path's parts that start with ":" are parameters. */
export type Route =
  | {
      readonly kind: 'trading' | 'data';
      readonly method: string;
      readonly path: string;
      readonly run: Handler<AccountCall>;
    }
  | {
      readonly kind: 'public';
      readonly method: string;
      readonly path: string;
      readonly run: Handler<Call>;
    }
  | { readonly kind: 'control'; readonly method: string; readonly path: string; readonly run: Handler<Call> };

/** A route that is run on behalf of an account, or may be. */
export type AccountRoute = Exclude<Route, { kind: 'control' }>;

/** Finds the route of a request and the values of its path's parameters. */
export type FindRoute = (
  method: string,
  path: string,
) => { route: Route; params: Record<string, string> } | null;

/** Sorts routes by number of parts once; literal parts win over parameters. */
export function makeRouter(routes: readonly Route[]): FindRoute {
  const table = routes.map((route) => ({ route, parts: route.path.split('/').slice(1) }));
  const weight = (parts: string[]): number => parts.filter((part) => part.startsWith(':')).length;
  table.sort((a, b) => weight(a.parts) - weight(b.parts));
  return (method, path) => {
    const parts = path.split('/').slice(1);
    if (parts.at(-1) === '') parts.pop();
    for (const entry of table) {
      if (entry.route.method !== method) continue;
      const params = match(entry.parts, parts);
      if (params !== null) return { route: entry.route, params };
    }
    return null;
  };
}

function match(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== part) return null;
      continue;
    }
    if (part === '') return null;
    params[expected.slice(1)] = decode(part);
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
