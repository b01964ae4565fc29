import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { DeskError, type ErrorCode, type FieldError } from '@/domain/errors';

/** An error as it leaves: for tRPC in `data`, for REST as the body's fields. */
export type PublicError = {
  status: number;
  code: ErrorCode;
  message: string;
  fields?: FieldError[];
  venueCode?: string;
  rule?: string;
};

const OF_TRPC: Partial<Record<TRPCError['code'], ErrorCode>> = {
  BAD_REQUEST: 'malformed',
  PARSE_ERROR: 'malformed',
  UNAUTHORIZED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not_found',
  METHOD_NOT_SUPPORTED: 'method_not_allowed',
  PAYLOAD_TOO_LARGE: 'too_large',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
  TOO_MANY_REQUESTS: 'rate_limited',
  SERVICE_UNAVAILABLE: 'unavailable',
};

/** One line of what is wrong with an input, naming each field. */
export function describeFields(fields: FieldError[]): string {
  return fields.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
}

function fieldsOf(error: ZodError): FieldError[] {
  return error.issues.flatMap((issue): FieldError[] => {
    const at = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ field: at.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({
      field: [...at, key].join('.'),
      message: 'is not a field of this call',
    }));
  });
}

/**
 * The single place where errors become public. What the desk refuses keeps its words; anything unforeseen
 * says nothing but that it happened, and is logged with the request id.
 */
export function publicError(error: unknown): PublicError {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof DeskError) {
    return {
      status: cause.status,
      code: cause.code,
      message: cause.message,
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.venueCode === undefined ? {} : { venueCode: cause.venueCode }),
      ...(cause.rule === undefined ? {} : { rule: cause.rule }),
    };
  }
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    if (cause instanceof ZodError) {
      const fields = fieldsOf(cause);
      return { status: 422, code: 'invalid_input', message: describeFields(fields), fields };
    }
    const code = OF_TRPC[error.code] ?? 'malformed';
    const message =
      code === 'malformed' ? 'The request is not well-formed JSON of the expected shape.' : error.message;
    return { status: new DeskError(code, message).status, code, message };
  }
  return {
    status: 500,
    code: 'internal',
    message:
      'Something failed on our side; nothing is known to have changed. Try again, and report the request id if it stays.',
  };
}
