import { request } from 'node:http';
import { type BenchDesk, signUp } from './desk';
import { quantile } from './figures';

const ORDERS = 100;

/** Calls `hear` with each event of the user's stream; resolves when the stream is open. */
export function listen(
  url: string,
  headers: Record<string, string>,
  hear: (data: string) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/api/trpc/stream.watch?input=%7B%7D`, { headers, agent: false }, (res) => {
      let rest = '';
      res.setEncoding('utf8');
      res.on('error', () => {});
      res.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          if (block.includes('"type":"hello"')) resolve(() => call.destroy());
          hear(block);
        }
      });
    });
    call.on('error', reject);
    call.end();
  });
}

/** From sending a market order to the event on the stream that says it is filled. */
export async function benchOrder(desk: BenchDesk, print: (line: string) => void): Promise<void> {
  const auth = await signUp(desk.url);
  let onFilled = (_clientOrderId: string) => {};
  const close = await listen(desk.url, auth, (data) => {
    if (!data.includes('"status":"filled"')) return;
    onFilled(/"clientOrderId":"([^"]+)"/.exec(data)?.[1] ?? '');
  });
  const accepted: number[] = [];
  const filled: number[] = [];
  for (let at = 0; at < ORDERS; at += 1) {
    const clientOrderId = `bench-${at}`;
    const isFilled = new Promise<void>((resolve) => {
      onFilled = (id) => {
        if (id === clientOrderId) resolve();
      };
    });
    const before = performance.now();
    const answer = await fetch(`${desk.url}/api/trpc/orders.submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...auth },
      body: JSON.stringify({
        symbol: 'AAPL',
        side: 'buy',
        qty: '1',
        clientOrderId,
        idempotencyKey: `${clientOrderId}-${process.pid}`,
      }),
    });
    if (!answer.ok) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    accepted.push(performance.now() - before);
    await isFilled;
    filled.push(performance.now() - before);
  }
  close();
  const show = (values: number[]) =>
    `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;
  print(`order, ${ORDERS} one after another, against the exchange in the box`);
  print(`  click to the venue's answer  ${show(accepted)}`);
  print(`  click to filled on stream    ${show(filled)}`);
}
