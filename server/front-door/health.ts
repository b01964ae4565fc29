import type { Container } from '@/server/container';
import { sendJson, type Visit } from './respond';

const PROBES = new Set(['/live', '/ready', '/health', '/api/v1/health']);
const CHECK_MS = 1_000;

type Check = { ok: boolean; detail?: string };

/** Without Redis the desk limits by itself and finds orders in the database, so its loss is told but fails no probe. */
function redisCheck({ redisLimiter, orderQueue }: Container): Record<string, Check> {
  if (redisLimiter === null) return {};
  const limits = 'redis does not answer; this process limits by itself';
  const detail = orderQueue === null ? limits : `${limits}, and orders are found in the database`;
  return { redis: redisLimiter.up ? { ok: true } : { ok: true, detail } };
}

/**
 * Not ready until every account was compared with its venue once. An account whose venue did not answer then
 * is held by itself and tried again: it must not keep the others from trading.
 */
function ordersCheck({ orderWatch }: Container): Check {
  if (!orderWatch.started) return { ok: false, detail: 'open orders are being settled with the venue' };
  if (orderWatch.held === 0) return { ok: true };
  return { ok: true, detail: `${orderWatch.held} account(s) not settled yet; no new order leaves them` };
}

async function databaseCheck(desk: Container): Promise<Check> {
  const late = new Promise<string>((resolve) =>
    setTimeout(() => resolve('no answer within a second'), CHECK_MS).unref(),
  );
  const fault = await Promise.race([desk.database.fault(), late]);
  return fault === null ? { ok: true } : { ok: false, detail: 'the database does not answer' };
}

/**
 * Probes without sign-in, limits or secrets: `live` says the process turns, `ready` that it may be sent
 * work (503 with the failing checks when not), `health` the same for people.
 */
export function createHealthMount(desk: Container, isStopping: () => boolean) {
  return {
    takes: (path: string) => PROBES.has(path),
    async serve(visit: Visit): Promise<void> {
      if (visit.path === '/live') return sendJson(visit, 200, { status: 'ok' });
      const checks: Record<string, Check> = {
        database: await databaseCheck(desk),
        exchange: desk.exchange.up
          ? { ok: true }
          : { ok: false, detail: 'the simulated exchange is restarting' },
        orders: ordersCheck(desk),
        ...redisCheck(desk),
        accepting: isStopping() ? { ok: false, detail: 'stopping' } : { ok: true },
      };
      const ok = Object.values(checks).every((check) => check.ok);
      return sendJson(visit, ok ? 200 : 503, {
        status: ok ? 'ok' : 'unavailable',
        version: desk.system.version,
        checks,
      });
    },
  };
}
