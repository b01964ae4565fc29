import type { AuthService } from '@/server/auth/auth-service';
import type { Authenticated } from '@/server/auth/authenticator';
import type { Backups } from '@/server/platform/backups';
import type { ServiceContext } from '@/server/services/context';
import type { OrderStream } from '@/server/services/streams/order-stream';
import type { SystemInfo } from '@/server/services/system/system-info';

/** What a procedure gets besides its input. `services.actor` is the caller; the rungs narrow it. */
export type TrpcContext = {
  requestId: string;
  via: Authenticated['via'] | null;
  services: ServiceContext;
  auth: AuthService;
  system: SystemInfo;
  orderStream: OrderStream;
  publicQuotes: boolean;
  /** Null where the database is a server's. */
  backups: Backups | null;
  /** `off` without REDIS_URL. */
  redis: 'off' | 'up' | 'down';
};
