import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'undici';
import { cpuMicroseconds, quantile } from './figures';

const KEYS = { 'APCA-API-KEY-ID': 'PKBENCH', 'APCA-API-SECRET-KEY': 'SBENCH' };
const SECONDS = 5;
const AT_ONCE = 16;
const LATENCY_ORDERS = 100;

type Exchange = { url: string; pid: number; startMs: number; stop(): Promise<void> };

function urlIn(message: unknown): string {
  const url = typeof message === 'object' && message !== null && 'url' in message ? message.url : undefined;
  if (typeof url !== 'string') throw new Error('the exchange did not start');
  return url;
}

/** The built exchange by itself, its journal on disk, as a process of its own. */
async function start(): Promise<Exchange> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-bench-'));
  const args = ['--port', '0', '--data-dir', dataDir, '--account', 'PKBENCH:SBENCH:1000000000'];
  const before = performance.now();
  const child: ChildProcess = fork('dist/exchange.js', [...args, '--rate-limit', 'off', '--plan', 'paid'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = await once(child, 'message');
  return {
    url: urlIn(message),
    pid: child.pid ?? 0,
    startMs: performance.now() - before,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function send(url: string, clientOrderId: string): Promise<void> {
  const answer = await fetch(`${url}/v2/orders`, {
    method: 'POST',
    headers: { ...KEYS, 'content-type': 'application/json' },
    body: JSON.stringify({
      symbol: 'SPY',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
      qty: '1',
      client_order_id: clientOrderId,
    }),
  });
  if (!answer.ok) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** A socket that has said `hello`; every message goes to `hear`. */
async function open(url: string, hello: object[], hear: (text: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'));
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    hear(typeof data === 'string' ? data : Buffer.from(data).toString('utf8'));
  });
  await new Promise<void>((resolve) => socket.addEventListener('open', () => resolve(), { once: true }));
  for (const message of hello) socket.send(JSON.stringify(message));
  return socket;
}

async function throughput(url: string, print: (line: string) => void): Promise<void> {
  const deadline = performance.now() + SECONDS * 1000;
  let sent = 0;
  const client = async () => {
    while (performance.now() < deadline) await send(url, `t${(sent += 1)}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  print(
    `  orders over HTTP, on disk before the answer, ${AT_ONCE} at once: ${Math.round(sent / SECONDS)} a second`,
  );
}

async function latency(url: string, print: (line: string) => void): Promise<void> {
  let onFill = (_id: string) => {};
  let onListening = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });
  const login = { action: 'authenticate', data: { key_id: 'PKBENCH', secret_key: 'SBENCH' } };
  const listen = { action: 'listen', data: { streams: ['trade_updates'] } };
  const socket = await open(`${url}/stream`, [login, listen], (text) => {
    if (text.includes('"listening"')) onListening();
    if (text.includes('"event":"fill"')) onFill(/"client_order_id":"([^"]+)"/.exec(text)?.[1] ?? '');
  });
  await listening;
  const acknowledged: number[] = [];
  const filled: number[] = [];
  for (let at = 0; at < LATENCY_ORDERS; at += 1) {
    const id = `l${at}`;
    const fill = new Promise<void>((resolve) => {
      onFill = (seen) => {
        if (seen === id) resolve();
      };
    });
    const before = performance.now();
    await send(url, id);
    acknowledged.push(performance.now() - before);
    const answered = performance.now();
    await fill;
    filled.push(performance.now() - answered);
  }
  socket.close();
  const show = (values: number[]) =>
    `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;
  print(`  order to ack: ${show(acknowledged)}; ack to fill on the stream: ${show(filled)}`);
}

function memoryMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

/** Share of one core and memory of the exchange while `listeners` sockets take every quote and trade. */
async function atRest(
  { url, pid }: Exchange,
  listeners: number,
  print: (line: string) => void,
): Promise<void> {
  let messages = 0;
  const sockets: WebSocket[] = [];
  const hello = [
    { action: 'auth', key: 'PKBENCH', secret: 'SBENCH' },
    { action: 'subscribe', quotes: ['*'], trades: ['*'] },
  ];
  for (let at = 0; at < listeners; at += 1) {
    sockets.push(await open(`${url}/v2/iex`, hello, (text) => (messages += text.split('"T":').length - 1)));
  }
  await pause(1_000);
  const [cpu, before, seen] = [cpuMicroseconds(pid), performance.now(), messages];
  await pause(SECONDS * 1000);
  const seconds = (performance.now() - before) / 1000;
  const share = (cpuMicroseconds(pid) - cpu) / (seconds * 10_000);
  const rate = Math.round((messages - seen) / seconds);
  for (const socket of sockets) socket.close();
  print(
    `  ${listeners} listeners of every symbol: ${share.toFixed(1)} % of a core, ${memoryMb(pid).toFixed(0)} MB, ${rate} messages a second`,
  );
}

const HISTORY = ['AMD', 'BAC', 'CAT', 'COST', 'DIS', 'GE', 'HD', 'JNJ', 'KO', 'MCD'];
const HISTORY_YEARS = 5;

/** Daily bars of stocks that nobody has asked for, and the same again: the exchange keeps what it has made. */
async function history(url: string, print: (line: string) => void): Promise<void> {
  const start = `${new Date().getFullYear() - HISTORY_YEARS}-01-01`;
  const read = async (): Promise<number> => {
    const before = performance.now();
    for (const symbol of HISTORY) {
      const query = `timeframe=1Day&start=${start}&end=${start.replace(/^\d+/, String(new Date().getFullYear()))}`;
      const answer = await fetch(`${url}/v2/stocks/${symbol}/bars?${query}&limit=10000`, { headers: KEYS });
      const bars = (await answer.text()).split('"t":').length - 1;
      if (bars < HISTORY_YEARS * 250) throw new Error(`${symbol} has ${bars} daily bars since ${start}`);
    }
    return (HISTORY.length * HISTORY_YEARS) / ((performance.now() - before) / 1000);
  };
  const [first, again] = [await read(), await read()];
  print(`  daily bars: ${first.toFixed(1)} years of a stock a second, ${again.toFixed(0)} when asked again`);
}

/** The exchange by itself over its own wire: start, throughput, latency, history, and what listeners cost. */
export async function benchExchange(print: (line: string) => void): Promise<void> {
  const exchange = await start();
  try {
    print(`exchange: process started and listening in ${exchange.startMs.toFixed(0)} ms`);
    await atRest(exchange, 0, print);
    await atRest(exchange, 1, print);
    await atRest(exchange, 500, print);
    await history(exchange.url, print);
    await latency(exchange.url, print);
    await throughput(exchange.url, print);
  } finally {
    await exchange.stop();
  }
}
