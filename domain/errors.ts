/** Every reason the desk can refuse or fail with, and the HTTP status it travels under. */
export const ERROR_STATUS = {
  invalid_input: 422,
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  /** A code of the second factor is wanted: at signing in, or once more before a sensitive act. */
  code_required: 403,
  foreign_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_mismatch: 422,
  too_large: 413,
  unsupported_media_type: 415,
  order_denied: 422,
  order_rejected: 422,
  not_cancelable: 409,
  rate_limited: 429,
  internal: 500,
  broker_error: 502,
  unavailable: 503,
  broker_timeout: 504,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

export type FieldError = { field: string; message: string };

/** A refusal that a user may read: what happened, why, and what to do about it. */
export class DeskError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[] | undefined;
  /** The venue's own code, kept when the refusal is the venue's. */
  readonly venueCode: string | undefined;
  /** The risk rule that denied an order. */
  readonly rule: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { fields?: FieldError[]; venueCode?: string; rule?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'DeskError';
    this.code = code;
    this.fields = more.fields;
    this.venueCode = more.venueCode;
    this.rule = more.rule;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
