import { TRPCError, type AnyTRPCRouter } from '@trpc/server';
import type { TRPCResponse } from '@trpc/server/rpc';
import {
  getErrorShape,
  getHTTPStatusCode,
  getTRPCErrorFromUnknown,
  transformTRPCResponse,
} from '@trpc/server/unstable-core-do-not-import';

/** One HTTP request with one or several calls, already taken apart. */
export type LeanRequest = {
  method: 'GET' | 'POST';
  paths: readonly string[];
  isBatch: boolean;
  /** The JSON text of the input, still unparsed; undefined when there is none. */
  inputText: string | undefined;
};
export type LeanResponse = { status: number; body: string };

type OnError<Context> = (failure: { error: TRPCError; path: string; ctx: Context }) => void;
type Answer = { error: TRPCError | undefined; response: TRPCResponse };
type Procedure = AnyTRPCRouter['_def']['procedures'][string];

/**
 * Answers JSON calls straight from the router, with the same bytes as the library's own adapter but
 * without its Request, Response, AbortController and streams: those cost nine tenths of a small call
 * (docs/adr/0002). Whatever is not a plain query or mutation answers null, and the stock adapter takes it.
 */
export function createLeanHandler<Context>(router: AnyTRPCRouter, onError: OnError<Context>) {
  const config = router._def._config;
  const procedures = new Map<string, Procedure>(Object.entries(router._def.procedures));

  /** The inputs by index, parsed once and at the first need, as the library does. */
  function inputsOf({ inputText, isBatch, paths }: LeanRequest): () => Record<number, unknown> {
    let parsed: Record<number, unknown> | undefined;
    return () => {
      parsed ??= parseInputs(inputText, isBatch, paths.length);
      return parsed;
    };
  }

  function parseInputs(text: string | undefined, isBatch: boolean, calls: number): Record<number, unknown> {
    if (text === undefined || text === '') return {};
    const deserialize = (value: unknown): unknown => config.transformer.input.deserialize(value);
    try {
      const json: unknown = JSON.parse(text);
      if (!isBatch) return { 0: deserialize(json) };
      if (!isRecord(json)) {
        throw new TRPCError({
          code: 'BAD_REQUEST',
          message: '"input" needs to be an object when doing a batch call',
        });
      }
      const inputs: Record<number, unknown> = {};
      for (let index = 0; index < calls; index += 1) {
        const input = json[index];
        if (input !== undefined) inputs[index] = deserialize(input);
      }
      return inputs;
    } catch (cause) {
      if (cause instanceof TRPCError) throw cause;
      throw new TRPCError({
        code: 'BAD_REQUEST',
        message: cause instanceof Error ? cause.message : 'Invalid input',
        cause,
      });
    }
  }

  async function call(
    path: string,
    index: number,
    inputs: () => Record<number, unknown>,
    ctx: Context,
  ): Promise<Answer> {
    const procedure = procedures.get(path);
    let read: Record<number, unknown> | undefined;
    try {
      if (procedure === undefined)
        throw new TRPCError({ code: 'NOT_FOUND', message: `No procedure found on path "${path}"` });
      const data: unknown = await procedure({
        path,
        getRawInput: () => {
          try {
            read = inputs();
            return Promise.resolve(read[index]);
          } catch (error) {
            return Promise.reject(error);
          }
        },
        ctx,
        type: procedure._def.type,
        signal: undefined,
        batchIndex: index,
      });
      return { error: undefined, response: { result: { data } } };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      onError({ error, path, ctx });
      const type = procedure?._def.type ?? 'unknown';
      return {
        error,
        response: { error: getErrorShape({ config, ctx, error, input: read?.[index], path, type }) },
      };
    }
  }

  /** True when this handler answers the request exactly as the stock adapter would. */
  function takes({ method, paths, isBatch }: LeanRequest): boolean {
    if (!isBatch && paths.length !== 1) return false;
    return paths.every((path) => {
      const type = procedures.get(path)?._def.type;
      return type === undefined || type === (method === 'GET' ? 'query' : 'mutation');
    });
  }

  return {
    takes,
    async handle(request: LeanRequest, ctx: Context): Promise<LeanResponse> {
      const inputs = inputsOf(request);
      if (!request.isBatch) {
        const { error, response } = await call(request.paths[0] ?? '', 0, inputs, ctx);
        const status = error === undefined ? 200 : getHTTPStatusCode([response], [error]);
        return { status, body: JSON.stringify(transformTRPCResponse(config, response)) };
      }
      const answers = await Promise.all(request.paths.map((path, index) => call(path, index, inputs, ctx)));
      const responses = answers.map(({ response }) => response);
      return {
        status: getHTTPStatusCode(
          responses,
          answers.map(({ error }) => error),
        ),
        body: JSON.stringify(transformTRPCResponse(config, responses)),
      };
    },
  };
}

function isRecord(value: unknown): value is Record<number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
