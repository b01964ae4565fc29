import type { SubmitOrderInput } from '@/domain/order/submit-order';
import type { Denial } from '@/domain/risk/rules';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { checkRisk } from './check-risk';

/** What submitting this order would answer from the risk rules; nothing is stored or sent. */
export async function dryRunRisk(
  ctx: UserContext,
  input: SubmitOrderInput,
): Promise<{ allowed: boolean; denials: Denial[] }> {
  const denials = await checkRisk(ctx, await authorizeAccount(ctx, input.accountId), input);
  return { allowed: denials.length === 0, denials };
}
