import type { IncomingMessage } from 'node:http';
import { DeskError } from '@/domain/errors';
import type { Authenticated } from '@/server/auth/authenticator';
import type { Container } from '@/server/container';
import type { LimitClass, LimitVerdict } from '@/server/platform/limits/rate-limiter';
import type { ProcedureMeta } from '@/server/trpc/meta';
import type { Visit } from './respond';

/** Too many calls; carries what the 429 answer must say. */
export class LimitedError extends DeskError {
  readonly verdict: LimitVerdict;
  constructor(verdict: LimitVerdict) {
    super('rate_limited', 'Rate limit exceeded');
    this.verdict = verdict;
  }
}

/** Who is calling; remembered credentials cost no await. */
export function identify(
  desk: Container,
  req: IncomingMessage,
): Authenticated | null | Promise<Authenticated | null> {
  const { authorization, cookie } = req.headers;
  if (authorization === undefined && cookie === undefined) return null;
  return (
    desk.authenticator.remembered({ authorization, cookie }) ??
    desk.authenticator.authenticate({ authorization, cookie })
  );
}

export function clientAddress(desk: Container, req: IncomingMessage): string {
  if (desk.env.TRUST_PROXY) {
    // The nearest proxy appends the address it saw; what stands before it is the caller's own claim.
    const forwarded = String(req.headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim();
    if (forwarded !== undefined && forwarded !== '') return forwarded;
  }
  return req.socket.remoteAddress ?? 'unknown';
}

/** A browser must not change anything from another site's page: cookies travel by themselves, intent does not. */
export function refuseForeignOrigin(desk: Container, req: IncomingMessage): void {
  const safe = req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS';
  if (safe || req.headers.authorization !== undefined) return;
  const { origin, cookie } = req.headers;
  if (origin === undefined) {
    if (cookie === undefined || req.headers['sec-fetch-site'] === 'same-origin') return;
    throw new DeskError(
      'foreign_origin',
      'A request with a cookie must say which page it comes from: the Origin header is missing.',
    );
  }
  if (!ownOrigins(desk, req).includes(origin)) {
    throw new DeskError(
      'foreign_origin',
      "This request comes from another site's page. Use the desk's own address.",
    );
  }
}

const SECRET_PARAMETER = /(?:^|&)(api_?key|access_?token|refresh_?token|token|password)=/i;

/** A secret in an address ends up in logs and histories, so a call that carries one is not answered at all. */
export function refuseSecretsInAddress({ query }: Visit): void {
  const name = query === '' ? undefined : SECRET_PARAMETER.exec(query)?.[1];
  if (name === undefined) return;
  throw new DeskError(
    'malformed',
    `Never put ${name} in an address: addresses are logged. Send it in a header or the body.`,
  );
}

function ownOrigins(desk: Container, req: IncomingMessage): string[] {
  const host = req.headers.host ?? '';
  const own = [`http://${host}`, `https://${host}`];
  return desk.env.PUBLIC_URL === undefined ? own : [...own, new URL(desk.env.PUBLIC_URL).origin];
}

/**
 * Spends the allowance of each call's class, for the user or, before sign-in, the address. The headers
 * tell of the class with the least left. Errors: `LimitedError`.
 */
export async function spend(
  desk: Container,
  visit: Visit,
  who: Authenticated | null,
  calls: readonly ProcedureMeta['limit'][],
): Promise<void> {
  const address = clientAddress(desk, visit.req);
  if (calls.length === 1) {
    const [limitClass] = calls;
    if (limitClass !== undefined && limitClass !== 'none')
      announce(desk, visit, await take(desk, limitClass, who, address, 1));
    return;
  }
  const costs = new Map<LimitClass, number>();
  for (const limitClass of calls)
    if (limitClass !== 'none') costs.set(limitClass, (costs.get(limitClass) ?? 0) + 1);
  let least: LimitVerdict | null = null;
  for (const [limitClass, cost] of costs) {
    const verdict = await take(desk, limitClass, who, address, cost);
    if (least === null || verdict.remaining < least.remaining || !verdict.allowed) least = verdict;
    if (!verdict.allowed) break;
  }
  if (least !== null) announce(desk, visit, least);
}

/** Spends one call of a class for each of these callers; the first with none left ends it. Errors: `LimitedError`. */
export async function spendAs(
  desk: Container,
  visit: Visit,
  limitClass: LimitClass,
  callers: readonly string[],
): Promise<void> {
  for (const caller of callers) announce(desk, visit, await desk.limiter.take(limitClass, caller, 1));
}

function take(
  desk: Container,
  limitClass: LimitClass,
  who: Authenticated | null,
  address: string,
  cost: number,
) {
  // Signing in is limited by address: the name in the form is the caller's to choose.
  const caller = who === null || limitClass === 'auth' ? `ip:${address}` : who.actor.userId;
  return desk.limiter.take(limitClass, caller, cost);
}

function announce(desk: Container, { res }: Visit, verdict: LimitVerdict): void {
  res.setHeader('x-ratelimit-limit', verdict.limit);
  res.setHeader('x-ratelimit-remaining', verdict.remaining);
  res.setHeader('x-ratelimit-reset', verdict.resetAt);
  if (verdict.allowed) return;
  res.setHeader('retry-after', Math.max(1, verdict.resetAt - Math.floor(desk.clock.now() / 1000)));
  throw new LimitedError(verdict);
}
