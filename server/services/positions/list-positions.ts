import type { Position } from '@/domain/account/position';
import type { UserContext } from '../context';
import { authorizeAccount } from '../accounts/account-record';

/** Open positions of the actor's account, by symbol, fresh from its broker. */
export async function listPositions(
  ctx: UserContext,
  input: { accountId?: string | undefined },
): Promise<{ positions: Position[] }> {
  const record = await authorizeAccount(ctx, input.accountId);
  const positions = await ctx.sessions.of(record).execution.positions();
  return { positions: positions.sort((a, b) => a.symbol.localeCompare(b.symbol)) };
}
