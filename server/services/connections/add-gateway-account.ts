import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { connections, gatewayConnections } from '@/db/schema';
import { type Connection, connectionName } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import { newId } from '@/server/platform/ids';
import type { UserContext } from '../context';
import { refuseStaleIfEnrolled } from '../security/fresh';
import { refuseTooMany, taken } from './add-connection';

export const addGatewayAccountInput = z.strictObject({
  name: connectionName,
  accountNumber: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^D[UF][A-Z0-9]{1,14}$/, 'must be the number of a paper account, which begins with DU or DF')
    .describe('as TWS shows it; paper accounts alone'),
});

/**
 * Adds a paper account behind the desk's gateway of Interactive Brokers to the caller's own. The gateway asks for no
 * password, so that whoever may add one may add any: it takes an admin. Errors: `unavailable` where no gateway is
 * named, `conflict` for a number that is here already, `invalid_input` for one that the gateway is not logged in to,
 * `code_required`, and the broker's.
 */
export async function addGatewayAccount(
  ctx: UserContext,
  input: z.infer<typeof addGatewayAccountInput>,
): Promise<Connection> {
  if (!ctx.hasGateway) {
    throw new DeskError(
      'unavailable',
      'This desk has no gateway of Interactive Brokers. Its operator names one with IBKR_GATEWAY.',
    );
  }
  await refuseStaleIfEnrolled(ctx);
  const { name, accountNumber } = input;
  await tryAccount(ctx, accountNumber);
  const { userId } = ctx.actor;
  const id = newId('acc', ctx.clock.now());
  const kind = 'ibkr-paper' as const;
  await ctx.database.write(async (db) => {
    await refuseTooMany(ctx, db);
    const isHeld = eq(gatewayConnections.accountNumber, accountNumber);
    if ((await db.$count(gatewayConnections, isHeld)) > 0)
      throw atNumber('conflict', 'is an account of this desk already');
    await db.batch([
      db.insert(connections).values({ id, userId, name, kind, isDefault: false, createdAt: ctx.clock.iso() }),
      db.insert(gatewayConnections).values({ accountId: id, kind, accountNumber }),
    ]);
  });
  return taken(ctx, id);
}

/** The gateway must show the account, and the account must be kept in dollars. */
async function tryAccount(ctx: UserContext, accountNumber: string): Promise<void> {
  const { execution } = ctx.sessions.gateway({ scope: 'paper', accountNumber });
  try {
    await execution.account();
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    if (error.code === 'not_found')
      throw atNumber('invalid_input', 'is no account that the gateway is logged in to');
    if (error.code === 'forbidden') throw atNumber('invalid_input', 'is not a paper account');
    throw error;
  }
}

const atNumber = (code: 'conflict' | 'invalid_input', message: string): DeskError =>
  new DeskError(code, `accountNumber: ${message}`, { fields: [{ field: 'accountNumber', message }] });
