import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type BenchDesk, signUp } from './desk';
import { cpuMicroseconds, median, spread } from './figures';

const CONNECTIONS = 50;
const ROUND_MS = 1_000;
const WARM_MS = 2_000;
const ROUNDS = 7;

/** One way to get the quote. */
type Variant = { name: string; port: number; pid: number; request: string; rates: number[]; cpu: number[] };
type Count = { answers: number; failures: number };

const script = (name: string) => new URL(name, import.meta.url).pathname;

function isCount(message: unknown): message is Count {
  return typeof message === 'object' && message !== null && 'answers' in message && 'failures' in message;
}

function portIn(message: unknown): number {
  const port =
    typeof message === 'object' && message !== null && 'port' in message ? message.port : undefined;
  if (typeof port !== 'number') throw new Error('the baseline did not start');
  return port;
}

async function startBare(
  body: string,
  headers: Record<string, string>,
): Promise<ChildProcess & { at: number }> {
  const child = fork(script('processes/bare-server.ts'), { execArgv: ['--import', 'tsx'] });
  child.send({ body, headers });
  const [message] = await once(child, 'message');
  return Object.assign(child, { at: portIn(message) });
}

/** Hammers one variant for a while; adds its rate and its server's processor time for an answer. */
async function round(load: ChildProcess, variant: Variant, milliseconds: number): Promise<void> {
  const { port, pid, request } = variant;
  const [cpuBefore, before] = [cpuMicroseconds(pid), performance.now()];
  load.send({ port, request, connections: CONNECTIONS, milliseconds });
  const [count] = await once(load, 'message');
  if (!isCount(count) || count.failures > 0 || count.answers === 0)
    throw new Error(`${variant.name}: ${JSON.stringify(count)}`);
  variant.rates.push(count.answers / ((performance.now() - before) / 1000));
  variant.cpu.push((cpuMicroseconds(pid) - cpuBefore) / count.answers);
}

/** What a body says apart from how old the price is, which no two answers share. */
const essence = (text: string) =>
  text.replaceAll(/"\w+":("[^"]*"|[\d.]+|null|true|false)/g, (field) => field.split(':')[0] ?? '');

async function sample(url: string, headers: Record<string, string>) {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const sent = Object.fromEntries(answer.headers);
  for (const name of ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])
    delete sent[name];
  return { body: await answer.text(), headers: sent };
}

/**
 * An authenticated quote over tRPC and REST beside a bare node:http server that sends the same bytes. The
 * variants take turns, in reversed order every other round; a second bare server shows what noise looks like.
 */
export async function benchQuote(desk: BenchDesk, print: (line: string) => void): Promise<void> {
  const auth = await signUp(desk.url);
  const paths = {
    trpc: `/api/trpc/quotes.get?input=${encodeURIComponent('{"symbol":"AAPL"}')}`,
    rest: '/api/v1/stocks/AAPL/quote',
  };
  await sample(desk.url + paths.rest, auth);
  const [trpc, rest] = [await sample(desk.url + paths.trpc, auth), await sample(desk.url + paths.rest, auth)];
  const bares = [await startBare(trpc.body, trpc.headers), await startBare(trpc.body, trpc.headers)];
  const restBare = await startBare(rest.body, rest.headers);
  const load = fork(script('processes/load.ts'), { execArgv: ['--import', 'tsx'] });
  const requestOf = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${auth.authorization}\r\nAccept: */*\r\n\r\n`;
  const variant = (name: string, port: number, pid: number | undefined, path: string): Variant => ({
    name,
    port,
    pid: pid ?? 0,
    request: requestOf(path),
    rates: [],
    cpu: [],
  });
  const [first, second] = bares;
  const variants = {
    bare: variant('bare node:http', first?.at ?? 0, first?.pid, paths.trpc),
    trpc: variant('tRPC', desk.port, desk.pid, paths.trpc),
    restBare: variant('bare node:http (REST bytes)', restBare.at, restBare.pid, paths.rest),
    rest: variant('REST', desk.port, desk.pid, paths.rest),
    control: variant('bare node:http again (A/A)', second?.at ?? 0, second?.pid, paths.trpc),
  };
  try {
    for (const [bare, path, wanted] of [
      [first, paths.trpc, trpc],
      [restBare, paths.rest, rest],
    ] as const) {
      const same = await sample(`http://127.0.0.1:${bare?.at}${path}`, auth);
      const fresh = await sample(desk.url + path, auth);
      if (same.body !== wanted.body || essence(fresh.body) !== essence(same.body))
        throw new Error(`the baseline does not answer what the desk answers: ${same.body} ${fresh.body}`);
    }
    const all = Object.values(variants);
    for (const one of all) await round(load, one, WARM_MS);
    for (const one of all) one.rates.length = one.cpu.length = 0;
    for (let turn = 0; turn < ROUNDS; turn += 1)
      for (const one of turn % 2 === 0 ? all : all.toReversed()) await round(load, one, ROUND_MS);
    print(
      `authenticated quote, ${ROUNDS} rounds of ${ROUND_MS} ms, ${CONNECTIONS} connections, ${trpc.body.length} bytes`,
    );
    for (const [one, base] of [
      [variants.trpc, variants.bare],
      [variants.rest, variants.restBare],
      [variants.control, variants.bare],
    ] as const) {
      const ratios = one.rates.map((rate, at) => rate / (base.rates[at] ?? Number.NaN));
      const cpus = one.cpu.map((cpu, at) => cpu / (base.cpu[at] ?? Number.NaN));
      print(
        `  ${one.name.padEnd(28)} ${spread(ratios)} of bare; ${Math.round(median(one.rates))} a second against ` +
          `${Math.round(median(base.rates))}; server CPU ${median(one.cpu).toFixed(1)} us against ` +
          `${median(base.cpu).toFixed(1)} us a request (${spread(cpus)} times)`,
      );
    }
  } finally {
    for (const child of [...bares, restBare, load]) child.kill();
  }
}
