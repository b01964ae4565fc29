import type { SubmitOrderInput } from '@/domain/order/submit-order';
import type { Denial } from '@/domain/risk/rules';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { checkRisk } from './check-risk';
import { refuseUnsendable } from './refuse-unsendable';

/**
 * What submitting this order would answer before it is sent; nothing is stored. Errors: `invalid_input` for what the
 * account's venue does not take.
 */
export async function dryRunRisk(
  ctx: UserContext,
  input: SubmitOrderInput,
): Promise<{ allowed: boolean; denials: Denial[] }> {
  const account = await authorizeAccount(ctx, input.accountId);
  await refuseUnsendable(ctx, account, input);
  const denials = await checkRisk(ctx, account, input);
  return { allowed: denials.length === 0, denials };
}
