import { isTRPCClientError } from '@trpc/client';
import { z } from 'zod';

const shape = z.object({
  code: z.string(),
  requestId: z.string().nullish(),
  venueCode: z.string().nullish(),
  fields: z.array(z.object({ field: z.string(), message: z.string() })).nullish(),
});

/** What went wrong, as far as a person can use it. */
export type Fault = {
  /** A code of the desk; `offline` when no answer came at all. */
  code: string;
  /** The server's own words; null when no answer came. */
  message: string | null;
  requestId: string | null;
  venueCode: string | null;
  fields: { field: string; message: string }[];
};

export function faultOf(error: unknown): Fault {
  const nothing: Fault = { code: 'offline', message: null, requestId: null, venueCode: null, fields: [] };
  if (!isTRPCClientError(error)) return nothing;
  const parsed = shape.safeParse(error.data);
  if (!parsed.success) return nothing;
  const { code, requestId, venueCode, fields } = parsed.data;
  return {
    code,
    message: error.message,
    requestId: requestId ?? null,
    venueCode: venueCode ?? null,
    fields: fields ?? [],
  };
}

const PASSING = new Set([
  'offline',
  'rate_limited',
  'unavailable',
  'internal',
  'broker_error',
  'broker_timeout',
]);

/** Whether the very same call may end otherwise when it is made again. */
export function mayPass(fault: Fault): boolean {
  return PASSING.has(fault.code);
}

export function isSignedOut(error: unknown): boolean {
  return faultOf(error).code === 'unauthenticated';
}
