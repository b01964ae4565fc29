import { randomUUID } from 'node:crypto';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getContainer } from '@/server/running';
import { appRouter } from '@/server/routers/root';
import { createContext } from '@/server/trpc/create-context';

/**
 * The portable mount of the router, for hosts that run Next without the front door. Behind the front door
 * nothing arrives here: it answers /api/trpc itself, many times faster and with its limits.
 */
function handle(req: Request): Promise<Response> {
  const desk = getContainer();
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req,
    router: appRouter,
    createContext: async () => {
      const { headers } = req;
      const who = await desk.authenticator.authenticate({
        authorization: headers.get('authorization') ?? undefined,
        cookie: headers.get('cookie') ?? undefined,
      });
      return createContext(desk, randomUUID(), who);
    },
  });
}

export { handle as GET, handle as POST };
