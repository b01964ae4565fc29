import type { TRPCLink } from '@trpc/client';
import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '@/server/routers/root';

type Inputs = inferRouterInputs<AppRouter>;
type Given<Input> = NonNullable<Exclude<Input, void>>;
type TakesAccount<Input> = [Given<Input>] extends [never]
  ? false
  : 'accountId' extends keyof Given<Input>
    ? true
    : false;
/** The paths of all procedures whose input has an account. */
type PathOfAccount = {
  [Router in keyof Inputs]: {
    [Name in keyof Inputs[Router]]: TakesAccount<Inputs[Router][Name]> extends true
      ? `${Router}.${Name & string}`
      : never;
  }[keyof Inputs[Router]];
}[keyof Inputs];

/** All of them: one that is missing here, or that takes no account, does not compile. */
const OF_ACCOUNT: Record<PathOfAccount, true> = {
  'account.get': true,
  'alerts.list': true,
  'assets.search': true,
  'bars.list': true,
  'connections.arm': true,
  'connections.disarm': true,
  'connections.remove': true,
  'connections.replaceKeys': true,
  'connections.test': true,
  'connections.update': true,
  'ledger.list': true,
  'orders.cancelAll': true,
  'orders.list': true,
  'orders.submit': true,
  'positions.close': true,
  'positions.closeAll': true,
  'positions.doNotExercise': true,
  'positions.exercise': true,
  'positions.list': true,
  'quotes.batch': true,
  'quotes.get': true,
  'reconciliation.adopt': true,
  'reconciliation.compare': true,
  'reconciliation.get': true,
  'risk.changes': true,
  'risk.check': true,
  'risk.impose': true,
  'risk.kill': true,
  'risk.profile': true,
  'risk.release': true,
  'risk.update': true,
  'stream.watch': true,
  'system.clock': true,
  'trades.list': true,
  'watchlists.update': true,
  'webhooks.create': true,
};

/** Names the account on show in every call that takes one and names none: the server's default is never relied on. */
export function accountLink(accountId: string | null): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      next(
        accountId === null || !Object.hasOwn(OF_ACCOUNT, op.path)
          ? op
          : { ...op, input: withAccount(op.input, accountId) },
      );
}

export function withAccount(input: unknown, accountId: string): object {
  const given = typeof input === 'object' && input !== null ? input : {};
  return 'accountId' in given && given.accountId !== undefined ? given : { ...given, accountId };
}
