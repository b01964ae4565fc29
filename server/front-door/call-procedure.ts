import { type AnyTRPCProcedure, TRPCError } from '@trpc/server';
import { getTRPCErrorFromUnknown } from '@trpc/server/unstable-core-do-not-import';

/** What a call starts with; the steps of a procedure change `ctx`, `input` and `getRawInput` on the way. */
type Call = {
  path: string;
  type: string;
  ctx: unknown;
  input?: unknown;
  getRawInput: () => Promise<unknown>;
  signal: AbortSignal | undefined;
  batchIndex: number;
};
type Change = Partial<Pick<Call, 'ctx' | 'input' | 'getRawInput'>>;
type Result = { ok: true; data: unknown } | { ok: false; error: TRPCError };
type Step = (call: Call & { meta: unknown; next: (change?: Change) => Promise<Result> }) => Promise<Result>;
type Steps = { middlewares: readonly Step[]; meta: unknown };

function hasSteps(definition: object): definition is Steps {
  return 'middlewares' in definition && Array.isArray(definition.middlewares);
}

function changed(call: Call, change: Change | undefined): Call {
  if (change === undefined) return call;
  return {
    ...call,
    ctx: change.ctx ? Object.assign({}, call.ctx, change.ctx) : call.ctx,
    input: 'input' in change ? change.input : call.input,
    getRawInput: change.getRawInput ?? call.getRawInput,
  };
}

async function run(steps: Steps, index: number, call: Call): Promise<Result> {
  try {
    const step = steps.middlewares[index];
    if (step === undefined) throw new Error('a procedure has no resolver');
    return await step({
      ...call,
      meta: steps.meta,
      next: (change) => run(steps, index + 1, changed(call, change)),
    });
  } catch (cause) {
    return { ok: false, error: getTRPCErrorFromUnknown(cause) };
  }
}

/**
 * Calls a procedure as the library does, step by step, with the language's own object spread: the library
 * ships a down-levelled one, and a fifth of a small call's time goes there (docs/adr/0002).
 */
export async function callProcedure(procedure: AnyTRPCProcedure, call: Call): Promise<unknown> {
  const definition: object = procedure._def;
  if (!hasSteps(definition)) throw new Error('the library keeps its steps elsewhere in this version');
  const result: Result | undefined = await run(definition, 0, call);
  if (result === undefined) {
    throw new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'No result from middlewares - did you forget to `return next()`?',
    });
  }
  if (!result.ok) throw result.error;
  return result.data;
}
