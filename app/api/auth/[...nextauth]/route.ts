import NextAuth from 'next-auth';
import { nextAuthOptions } from '@/server/auth/next-auth';
import { getContainer } from '@/server/running';

type Handler = (req: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;

const handle: Handler = (req, context) => {
  const { auth, services, env, secrets } = getContainer();
  const handler: Handler = NextAuth(
    nextAuthOptions(auth, services, env.NEXTAUTH_SECRET ?? secrets.sessionSecret),
  );
  return handler(req, context);
};

export { handle as GET, handle as POST };
