import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { buildCli } from '../testing/built-cli';
import { KEYS, TwsProgram } from './testing/tws-world';

const listening = z.object({ type: z.literal('listening'), twsPort: z.number() });
const KILLS = 4;

test('what a client was told of its orders and executions is still so after kill -9', async () => {
  const dir = await mkdtemp('/tmp/ex-tws-kill-');
  const cli = await buildCli(dir);
  const start = async (): Promise<{ child: ChildProcess; port: number }> => {
    const account = `${KEYS.keyId}:${KEYS.secret}:10000000`;
    const own = [
      '--tws-port',
      '0',
      '--tws-account',
      KEYS.keyId,
      '--account',
      account,
      '--snapshot-every',
      '30',
    ];
    const child = fork(cli, ['--port', '0', '--data-dir', join(dir, 'data'), ...own], { stdio: 'ignore' });
    const [message] = await once(child, 'message');
    return { child, port: listening.parse(message).twsPort };
  };
  const orders = new Map<number, number>();
  const executions = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    const { child, port } = await start();
    const program = await TwsProgram.open(port);
    const terms = { action: OrderAction.BUY, totalQuantity: 1, tif: TimeInForce.GTC };
    for (let i = 0; i < 15; i += 1) {
      const id = program.place({
        ...terms,
        orderRef: `${round}/${i}`,
        orderType: i % 3 === 0 ? OrderType.MKT : OrderType.LMT,
        lmtPrice: 5,
      });
      // Some rounds are cut off amid everything.
      if (round % 2 === 0 || i < 5) await (i % 3 === 0 ? program.status(id, 'Filled') : program.heard(id));
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const { order } of program.orders) orders.set(order.permId ?? 0, order.orderId ?? 0);
    for (const { execution } of program.executions) executions.add(execution.execId ?? '');
    await program.close();
  }
  const { child, port } = await start();
  const program = await TwsProgram.open(port);
  const open = (await program.allOpenOrders()).map(({ order }) => [order.permId, order.orderId]);
  const completed = (await program.completedOrders()).map(({ order }) => order.permId);
  const kept = new Set([...open.map(([permId]) => permId), ...completed]);
  expect([...orders.keys()].filter((permId) => !kept.has(permId))).toEqual([]);
  const known = open.filter(([permId = 0]) => orders.has(permId));
  expect(known.map(([, orderId]) => orderId)).toEqual(known.map(([permId = 0]) => orders.get(permId)));
  const found = new Set((await program.allExecutions()).map(({ execution }) => execution.execId));
  expect([...executions].filter((execId) => !found.has(execId))).toEqual([]);
  expect(executions.size).toBeGreaterThan(5);
  expect(program.nextId).toBeGreaterThan(Math.max(...orders.values()));
  await program.close();
  child.kill('SIGKILL');
  await rm(dir, { recursive: true });
}, 60_000);
