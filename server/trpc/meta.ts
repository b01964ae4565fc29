import type { LimitClass } from '@/server/platform/limits/rate-limiter';

/** A REST path of a procedure. `{name}` in the path, the query and the body together are its input. */
export type RestRoute = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: `/${string}`;
  /** Success status; 200 when absent. 204 sends no body. */
  status?: 200 | 201 | 204;
  /** Values the path itself fixes, such as the side of a quick buy. */
  fixed?: Readonly<Record<string, string>>;
  /** Answers with this field of the output instead of the whole. */
  pick?: string;
};

/** What a procedure says about itself. */
export type ProcedureMeta = {
  /** One line for the reference. */
  summary: string;
  /** Which allowance a call spends; `none` is for probes only. */
  limit: LimitClass | 'none';
  rest?: readonly RestRoute[];
  /** The REST header Idempotency-Key becomes the input's idempotencyKey. */
  takesIdempotencyKey?: true;
  /** An output in one of these statuses is accepted, not done: REST answers 202. */
  pending?: readonly string[];
};
