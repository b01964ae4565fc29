import { z } from 'zod';

export const role = z.enum(['viewer', 'trader', 'risk', 'admin']).meta({ id: 'Role' });
export type Role = z.infer<typeof role>;

export const permission = z.enum(['read', 'trade', 'risk', 'admin']);
export type Permission = z.infer<typeof permission>;

/** What each role may do; a role that is not named here may do nothing. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  trader: ['read', 'trade'],
  risk: ['read', 'risk'],
  admin: ['read', 'trade', 'risk', 'admin'],
};

/** Who acts: minted by server/auth alone. */
export type UserActor = {
  kind: 'user';
  userId: string;
  sessionId: string;
  role: Role;
};
/** The desk itself, for what no caller asked for. */
export type SystemActor = { kind: 'system' };
/** A trader's hook that has proved itself: it may submit orders to its one account, and do nothing else. */
export type WebhookActor = {
  kind: 'webhook';
  userId: string;
  hookId: string;
  hookName: string;
  accountId: string;
};
/** A caller without a valid credential. */
export type AnonymousActor = { kind: 'anonymous' };
export type Actor = UserActor | SystemActor | WebhookActor | AnonymousActor;

export function may(actor: Actor, wanted: Permission): boolean {
  // A hook's one right is in the type of the verb it may call, not among the permissions of people.
  if (actor.kind === 'anonymous' || actor.kind === 'webhook') return false;
  return actor.kind === 'system' || ROLE_PERMISSIONS[actor.role].includes(wanted);
}
