import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { connect, createServer as createTlsServer, Server as TlsServer } from 'node:tls';
import { z } from 'zod';
import type { ChaosDesk } from '../desk';
import type { Fault, Problems, Rest, World } from '../faults/fault';
import { type Answer, ask } from '../http';
import { withCode } from './ends';
import { CERTIFICATE, KEY } from './expired-certificate';
import { judgeHandles, noHandles, stayingCallers } from './streams';

/** No name is known but this machine's own: Alpaca's hosts are the only others that a desk asks. */
const NAMELESS = withCode(`
  import dns from 'node:dns';
  const known = dns.lookup;
  dns.lookup = (name, ...rest) => {
    if (/^[\\d.:]+$|^localhost$/.test(name)) return known(name, ...rest);
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND ' + name), { code: 'ENOTFOUND' });
    process.nextTick(rest.at(-1), missing);
  };`);

const tokens = z.looseObject({ access_token: z.string() });
/** A port where nothing listens. */
const REFUSING = '127.0.0.1:9';

/** A user of an account at a venue that cannot be reached. */
async function unreachableUser({ url }: ChaosDesk): Promise<Rest> {
  const credentials = { username: `far-away`, password: 'correct horse battery' };
  const keys = {
    alpaca_api_key: 'PKNOWHERE',
    alpaca_secret_key: 'nowhere-at-all',
    alpaca_paper_trading: true,
  };
  const registered = await ask(`${url}/api/v1/auth/register`, 'POST', {
    body: { ...credentials, ...keys, email: 'far-away@desk.test' },
  });
  if (registered.status !== 201 && registered.status !== 200)
    throw new Error(`registering answered ${registered.status} ${registered.text}`);
  const login = await ask(`${url}/api/v1/auth/login`, 'POST', { body: credentials });
  const authorization = `Bearer ${tokens.parse(login.json).access_token}`;
  return (method, path, body, headers = {}) =>
    ask(`${url}/api/v1${path}`, method, { body, headers: { authorization, ...headers }, timeoutMs: 30_000 });
}

const CALLS = 1_000;

async function unreachable(desk: ChaosDesk): Promise<Problems> {
  const rest = await unreachableUser(desk);
  await rest('GET', '/account');
  const before = desk.handles() ?? 0;
  const answers: Answer[] = [];
  // Ten at a time, for every caller keeps its own connection to the desk alive.
  const caller = async (nth: number) => {
    for (let call = 0; call < CALLS / 10; call += 1)
      answers.push(await rest('GET', nth % 2 === 0 ? '/account' : '/positions'));
  };
  await Promise.all(Array.from({ length: 10 }, (_none, nth) => caller(nth)));
  const silent = answers.filter(({ status }) => status === null).length;
  const wrong = answers.filter(({ status }) => status !== null && status < 500).length;
  return [
    ...(silent > 0 ? [`${silent} of ${CALLS} calls had no answer`] : []),
    ...(wrong > 0 ? [`${wrong} of ${CALLS} calls were answered as if the venue had spoken`] : []),
    ...(await judgeHandles(desk, before)),
  ];
}

/** Settings by which a desk's paper accounts trade at another address than Alpaca's. */
export const awayFrom = (host: string, tls: 's' | '' = '') => ({
  ALPACA_BASE_URL: `http${tls}://${host}`,
  ALPACA_DATA_URL: `http${tls}://${host}`,
  ALPACA_STREAM_URL: `ws${tls}://${host}/stream`,
  ALPACA_DATA_STREAM_URL: `ws${tls}://${host}/v2/iex`,
});

/** Starts the desk anew with this server for its venue; it must have been asked, and be left without a connection. */
async function at(desk: ChaosDesk, server: Server, more: Record<string, string>): Promise<Problems> {
  let asked = 0;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    asked += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await desk.end('SIGTERM');
  await desk.start({ settings: { ...awayFrom(host, server instanceof TlsServer ? 's' : ''), ...more } });
  const problems = await unreachable(desk);
  if (asked === 0) problems.push('nobody asked the venue');
  for (const socket of open) socket.destroy();
  server.close();
  return problems;
}

/** What this certificate is refused for by somebody who trusts who signed it: null when it is not. */
async function refusalOf(server: TlsServer): Promise<string | null> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = connect({ host: '127.0.0.1', port, ca: CERTIFICATE });
  const refused = await Promise.race([
    once(socket, 'error').then(([error]) => String(error.code)),
    once(socket, 'secureConnect').then(() => null),
  ]);
  socket.destroy();
  server.close();
  await once(server, 'close');
  return refused;
}

async function withExpiredCertificate({ desk }: World): Promise<Problems> {
  const secure = () => createTlsServer({ key: KEY, cert: CERTIFICATE });
  const refusal = await refusalOf(secure());
  if (refusal !== 'CERT_HAS_EXPIRED') return [`the certificate was refused for ${refusal}`];
  const trusted = join(desk.dataDir, 'expired.pem');
  writeFileSync(trusted, CERTIFICATE);
  return at(desk, secure(), { NODE_EXTRA_CA_CERTS: trusted });
}

/** A proxy that wants to know who asks, and says so to everybody. */
const behindProxy = ({ desk }: World): Promise<Problems> => {
  const refuse = createServer((_req, res) => {
    res.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"', 'content-type': 'text/html' });
    res.end('<html>Proxy Authentication Required</html>');
  });
  refuse.on('upgrade', (_req, socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n'),
  );
  return at(desk, refuse, {});
};

const venueAway = { id: 'F51', naive: 'anew', oneSeed: true, cannot: noHandles } as const;

export const VENUES: readonly Fault[] = [
  {
    ...venueAway,
    title: 'the venue refuses connections: bounded answers, nothing left open',
    own: { settings: awayFrom(REFUSING) },
    run: ({ desk }) => unreachable(desk),
    control: ({ desk }) => stayingCallers(desk, 100),
  },
  {
    ...venueAway,
    title: "the venue's name is not found: bounded answers, nothing left open",
    own: NAMELESS,
    run: ({ desk }) => unreachable(desk),
    control: ({ desk }) => stayingCallers(desk, 100),
  },
  {
    ...venueAway,
    title: "the venue's certificate has expired: bounded answers, nothing left open",
    own: {},
    run: withExpiredCertificate,
    control: ({ desk }) => stayingCallers(desk, 100),
  },
  {
    ...venueAway,
    title: 'a proxy answers 407: bounded answers, nothing left open',
    own: {},
    run: behindProxy,
    control: ({ desk }) => stayingCallers(desk, 100),
  },
];
