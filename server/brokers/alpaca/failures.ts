import { errors } from '@alpacahq/alpaca-trade-api';
import { DeskError } from '@/domain/errors';

/** Statuses that say the venue read the order and refused it (Alpaca docs; 408 and 5xx leave doubt). */
const PROVEN_REFUSAL = new Set([400, 401, 403, 404, 422]);

/** How long to wait after a 429 that does not say. */
const UNSAID_WAIT_MS = 1_000;

const DUPLICATE_ID = /client_order_id must be unique/i;

export type Refusal =
  | { kind: 'rejected'; code: string; message: string; retryAfterMs?: number }
  | { kind: 'duplicate'; code: string; message: string }
  | { kind: 'doubted'; message: string };

/** The venue's words as the books can hold them: the database's driver reads a text up to its first zero. */
const wordsOf = ({ message }: errors.ApiError): string => message.replaceAll('\0', '');

/** What a failed order call means: a proven no, a repeated id, or doubt. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.ApiError) {
    if (DUPLICATE_ID.test(error.message))
      return { kind: 'duplicate', code: codeOf(error), message: wordsOf(error) };
    if (error.status === 429) {
      const retryAfterMs = error.retryAfterMs ?? UNSAID_WAIT_MS;
      return { kind: 'rejected', code: codeOf(error), message: wordsOf(error), retryAfterMs };
    }
    if (PROVEN_REFUSAL.has(error.status))
      return { kind: 'rejected', code: codeOf(error), message: wordsOf(error) };
    return { kind: 'doubted', message: `the venue answered ${error.status}` };
  }
  return { kind: 'doubted', message: error instanceof Error ? error.message : 'no answer' };
}

function codeOf(error: errors.ApiError): string {
  return String(error.code ?? error.status);
}

/** The desk's error for a read that failed; keeps the venue's words for refusals. */
export function readFailure(error: unknown): DeskError {
  if (!(error instanceof errors.ApiError)) {
    return new DeskError('broker_timeout', 'The broker did not answer in time. Try again in a moment.', {
      cause: error,
    });
  }
  const venueCode = codeOf(error);
  if (error.status === 401) {
    return new DeskError(
      'broker_error',
      `The broker refuses the keys: ${error.message} Check them; an account gets new ones under Accounts.`,
      { venueCode },
    );
  }
  if (error.status === 403) {
    return new DeskError('broker_error', `The broker does not allow this account that: ${error.message}`, {
      venueCode,
    });
  }
  if (error.status === 404) return new DeskError('not_found', error.message, { venueCode });
  if (error.status === 400 || error.status === 422)
    return new DeskError('invalid_input', error.message, { venueCode });
  return new DeskError('broker_error', `The broker answered ${error.status}. Try again in a moment.`, {
    venueCode,
    cause: error,
  });
}

/** Runs a read of one thing; null when the venue says that there is none. */
export async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | null> {
  try {
    return await call;
  } catch (error) {
    const failure = readFailure(error);
    if (failure.code === 'not_found') return null;
    throw failure;
  }
}

/** Runs a read and turns its failure into the desk's error. */
export async function reading<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw readFailure(error);
  }
}
