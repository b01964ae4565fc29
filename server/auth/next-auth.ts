import type { AuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { secondFactorCode } from '@/domain/second-factor';
import type { ServiceContext } from '@/server/services/context';
import type { AuthService } from './auth-service';
import { BROWSER_SESSION_SECONDS } from './sessions';

const credentials = z.object({
  login: z.string().min(1).max(254),
  password: z.string().min(1).max(1024),
  code: secondFactorCode.optional(),
});
/** What the form is told by name: which step comes next, and that waiting helps. Everything else is one "no". */
const TOLD: ReadonlySet<string> = new Set(['code_required', 'rate_limited']);
const signedIn = z.object({ sid: z.string() });
const refused = z.object({ code: z.string() });

/**
 * Browser sessions by next-auth: a JWT cookie that names a row in `sessions`, so that signing out and
 * revoking end it everywhere although the cookie itself lives on.
 */
export function nextAuthOptions(auth: AuthService, services: ServiceContext, secret: string): AuthOptions {
  return {
    secret,
    session: { strategy: 'jwt', maxAge: BROWSER_SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        name: 'Outcry',
        credentials: {
          login: { label: 'Username or e-mail' },
          password: { label: 'Password', type: 'password' },
          code: { label: 'Code' },
        },
        async authorize(input) {
          const parsed = credentials.safeParse(input);
          if (!parsed.success) return null;
          try {
            const { user, sessionId } = await auth.openBrowserSession(services, parsed.data);
            return { id: user.id, name: user.username, email: user.email, sid: sessionId };
          } catch (error) {
            // By its code: Next bundles a copy of the class of its own, so that `instanceof` would never hold.
            const refusal = refused.safeParse(error);
            if (!refusal.success) throw error;
            if (refusal.data.code === 'unauthenticated') return null;
            throw TOLD.has(refusal.data.code) ? new Error(refusal.data.code, { cause: error }) : error;
          }
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        const fresh = signedIn.safeParse(user);
        return fresh.success ? { ...token, sid: fresh.data.sid } : token;
      },
    },
    events: {
      async signOut({ token }) {
        const session = signedIn.safeParse(token);
        if (session.success) await auth.logout(session.data.sid);
      },
    },
  };
}
