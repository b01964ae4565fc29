import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import type { ProcedureMeta } from '@/server/trpc/meta';

/** A procedure with what it says about itself. */
export type Listed = {
  path: string;
  procedure: AnyTRPCProcedure;
  type: 'query' | 'mutation' | 'subscription';
  meta: ProcedureMeta;
};

function isMeta(meta: unknown): meta is ProcedureMeta {
  return typeof meta === 'object' && meta !== null && 'limit' in meta && 'summary' in meta;
}

/**
 * All procedures of a router by path. Throws at start when one has no meta or no output schema: nothing
 * is served without a limit, and nothing leaves unparsed.
 */
export function listProcedures(router: AnyTRPCRouter): Map<string, Listed> {
  const listed = new Map<string, Listed>();
  for (const [path, procedure] of Object.entries<AnyTRPCProcedure>(router._def.procedures)) {
    const { meta, type } = procedure._def;
    if (!isMeta(meta)) throw new Error(`procedure ${path} says nothing about itself (meta)`);
    listed.set(path, { path, procedure, type, meta });
  }
  return listed;
}
