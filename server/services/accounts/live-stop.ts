import { eq } from 'drizzle-orm';
import { liveConnections } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { LiveStop } from '@/domain/risk/facts';
import type { ServiceContext } from '../context';
import { type AccountRecord, isLive, type LiveRecord } from './account-record';

/** Until when a live account is armed by now; null when it is not. */
export function armedUntil(ctx: Pick<ServiceContext, 'clock'>, record: Pick<LiveRecord, 'armedUntil'>) {
  return record.armedUntil !== null && record.armedUntil > ctx.clock.iso() ? record.armedUntil : null;
}

/** What keeps an account from opening anything because it trades real money; read anew, for it may just have changed. */
export async function liveStopOf(
  ctx: Pick<ServiceContext, 'clock' | 'database' | 'liveTrading'>,
  account: AccountRecord,
): Promise<LiveStop | null> {
  if (!isLive(account)) return null;
  if (!ctx.liveTrading) return 'off';
  const [row] = await ctx.database.db
    .select({ armedUntil: liveConnections.armedUntil })
    .from(liveConnections)
    .where(eq(liveConnections.accountId, account.id))
    .limit(1);
  return row !== undefined && armedUntil(ctx, row) !== null ? null : 'disarmed';
}

export function refuseLiveOff(ctx: Pick<ServiceContext, 'liveTrading'>): void {
  if (ctx.liveTrading) return;
  throw new DeskError(
    'forbidden',
    'Live trading is off on this desk. Its operator turns it on with LIVE_TRADING=on.',
  );
}

export function notLive(): DeskError {
  return new DeskError('invalid_input', 'This account moves no real money; there is nothing to arm.', {
    fields: [{ field: 'accountId', message: 'is not a live account' }],
  });
}
