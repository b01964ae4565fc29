import { TRPCError, type AnyTRPCRouter } from '@trpc/server';
import {
  getErrorShape,
  getHTTPStatusCode,
  getTRPCErrorFromUnknown,
  transformTRPCResponse,
} from '@trpc/server/unstable-core-do-not-import';
import { callProcedure } from '../call-procedure';

/** One HTTP request with one or several calls, already taken apart. */
export type LeanRequest = {
  method: 'GET' | 'POST';
  paths: readonly string[];
  isBatch: boolean;
  /** The JSON text of the input, still unparsed; undefined when there is none. */
  inputText: string | undefined;
};
export type LeanResponse = { status: number; body: string };

type OnError<Context> = (failure: { error: TRPCError; path: string | undefined; ctx: Context }) => void;
type Procedure = AnyTRPCRouter['_def']['procedures'][string];
type Inputs = Readonly<Record<number, unknown>>;
type Outcome = { error: TRPCError } | { error: undefined; data: unknown };

/** What the calls of one request share: their inputs, parsed once and at the first need, as the library does. */
type Reading = { read(): Inputs; parsed: Inputs | undefined };

/**
 * Answers JSON calls straight from the router, with the same bytes as the library's own adapter but
 * without its Request, Response, AbortController and streams: those cost nine tenths of a small call
 * (docs/adr/0002). It takes plain queries by GET and plain mutations by POST; see `takes`.
 */
export function createLeanHandler<Context>(router: AnyTRPCRouter, onError: OnError<Context>) {
  const config = router._def._config;
  const procedures = new Map<string, Procedure>(Object.entries(router._def.procedures));
  const deserialize = (value: unknown): unknown => config.transformer.input.deserialize(value);
  const typeOf = (path: string) => procedures.get(path)?._def.type ?? 'unknown';

  function readingOf({ inputText, isBatch, paths }: LeanRequest): Reading {
    const reading: Reading = {
      parsed: undefined,
      read: () => (reading.parsed ??= parseInputs(inputText, isBatch, paths.length)),
    };
    return reading;
  }

  function parseInputs(text: string | undefined, isBatch: boolean, calls: number): Inputs {
    if (text === undefined || text === '') return {};
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

  async function run(path: string, index: number, reading: Reading, ctx: Context): Promise<Outcome> {
    try {
      const procedure = procedures.get(path);
      if (procedure === undefined)
        throw new TRPCError({ code: 'NOT_FOUND', message: `No procedure found on path "${path}"` });
      const data = await callProcedure(procedure, {
        path,
        getRawInput: () => {
          try {
            return Promise.resolve(reading.read()[index]);
          } catch (error) {
            return Promise.reject(error);
          }
        },
        ctx,
        type: procedure._def.type,
        signal: undefined,
        batchIndex: index,
      });
      return { error: undefined, data };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      onError({ error, path, ctx });
      return { error };
    }
  }

  /** Errors are shaped when all calls are done, because their shape may show what was read meanwhile. */
  function shape(path: string, index: number, outcome: Outcome, reading: Reading, ctx: Context) {
    if (outcome.error === undefined) return { result: { data: outcome.data } };
    const input = reading.parsed?.[index];
    return { error: getErrorShape({ config, ctx, error: outcome.error, input, path, type: typeOf(path) }) };
  }

  async function answer(request: LeanRequest, ctx: Context): Promise<LeanResponse> {
    const { paths, isBatch } = request;
    const reading = readingOf(request);
    const [first = ''] = paths;
    if (!isBatch) {
      const outcome = await run(first, 0, reading, ctx);
      const response = shape(first, 0, outcome, reading, ctx);
      const status = outcome.error === undefined ? 200 : getHTTPStatusCode([response], [outcome.error]);
      return { status, body: JSON.stringify(transformTRPCResponse(config, response)) };
    }
    const outcomes = await Promise.all(paths.map((path, index) => run(path, index, reading, ctx)));
    const responses = outcomes.map((outcome, index) =>
      shape(paths[index] ?? '', index, outcome, reading, ctx),
    );
    const errors = outcomes.map(({ error }) => error);
    return {
      status: getHTTPStatusCode(responses, errors),
      body: JSON.stringify(transformTRPCResponse(config, responses)),
    };
  }

  /** What becomes of a request whose answer cannot be written down. */
  function failure({ paths }: LeanRequest, cause: unknown, ctx: Context): LeanResponse {
    const error = getTRPCErrorFromUnknown(cause);
    onError({ error, path: undefined, ctx });
    const type = paths.map(typeOf).find((known) => known !== 'unknown') ?? 'unknown';
    const response = {
      error: getErrorShape({ config, ctx, error, input: undefined, path: undefined, type }),
    };
    return {
      status: getHTTPStatusCode([response], [error]),
      body: JSON.stringify(transformTRPCResponse(config, response)),
    };
  }

  return {
    /** True when this handler answers the request exactly as the stock adapter would. */
    takes({ method, paths }: LeanRequest): boolean {
      const wanted = method === 'GET' ? 'query' : 'mutation';
      return paths.every((path) => {
        const type = typeOf(path);
        return type === wanted || type === 'unknown';
      });
    },
    handle: (request: LeanRequest, ctx: Context): Promise<LeanResponse> =>
      answer(request, ctx).catch((cause: unknown) => failure(request, cause, ctx)),
  };
}

function isRecord(value: unknown): value is Record<number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
