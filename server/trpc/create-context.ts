import type { Authenticated } from '@/server/auth/authenticator';
import type { Container } from '@/server/container';
import type { TrpcContext } from './context';

const ANONYMOUS = { kind: 'anonymous' } as const;

/** The context of one request; the same for every mount. */
export function createContext(desk: Container, requestId: string, who: Authenticated | null): TrpcContext {
  return {
    requestId,
    via: who?.via ?? null,
    services: { ...desk.services, actor: who?.actor ?? ANONYMOUS },
    auth: desk.auth,
    system: desk.system,
    orderStream: desk.orderStream,
    publicQuotes: desk.publicQuotes,
    backups: desk.backups,
    redis: desk.redisLimiter === null ? 'off' : desk.redisLimiter.up ? 'up' : 'down',
  };
}
