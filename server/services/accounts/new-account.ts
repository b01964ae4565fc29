import type { PaperKeys } from '@/server/brokers/ports';
import { newId, newSecret } from '@/server/platform/ids';
import type { ServiceContext } from '../context';
import { sealKeys } from './credentials';

/** An account on Alpaca paper by these keys, or with none a new one on the exchange in the box; the rows of both tables. */
export async function newPaperAccount(
  ctx: ServiceContext,
  { userId, name, keys: given }: { userId: string; name: string; keys: PaperKeys | null },
) {
  const keys = given ?? simulatedKeys();
  if (given === null) await ctx.exchange.openAccount(keys);
  const id = newId('acc', ctx.clock.now());
  const kind = given === null ? ('simulated' as const) : ('alpaca-paper' as const);
  const sealedCredentials = sealKeys(ctx.sealer, { id, userId }, keys);
  return {
    account: { id, userId, name, kind, createdAt: ctx.clock.iso() },
    keys: { accountId: id, kind, sealedCredentials },
  };
}

function simulatedKeys(): PaperKeys {
  const letters = newSecret().replaceAll(/[^A-Za-z0-9]/g, '');
  return { scope: 'paper', keyId: `SIM${letters.slice(0, 17).toUpperCase()}`, secretKey: newSecret() };
}
