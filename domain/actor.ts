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
/** A caller without a valid credential. */
export type AnonymousActor = { kind: 'anonymous' };
export type Actor = UserActor | SystemActor | AnonymousActor;

export function may(actor: Actor, wanted: Permission): boolean {
  if (actor.kind === 'anonymous') return false;
  return actor.kind === 'system' || ROLE_PERMISSIONS[actor.role].includes(wanted);
}
