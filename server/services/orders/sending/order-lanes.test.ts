import { expect, test, vi } from 'vitest';
import { systemClock } from '@/server/platform/clock';
import { createOrderLanes } from './order-lanes';

/** Work that ends when told to, and says when it began. */
function job(log: string[], name: string) {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    end: () => resolve(),
    run: () => {
      log.push(name);
      return promise;
    },
  };
}

test('orders of an account leave one after another, those of another do not wait', async () => {
  const lanes = createOrderLanes(systemClock);
  const log: string[] = [];
  const [first, second, other] = [job(log, 'first'), job(log, 'second'), job(log, 'other')];
  const sent = [
    lanes.send('a', '1', first.run),
    lanes.send('a', '2', second.run),
    lanes.send('b', '3', other.run),
  ];
  other.end();
  await sent[2];
  expect(log).toEqual(['first', 'other']);
  expect([lanes.has('1'), lanes.has('2'), lanes.has('3')]).toEqual([true, true, false]);
  first.end();
  await sent[0];
  second.end();
  await Promise.all(sent);
  expect(log).toEqual(['first', 'other', 'second']);
});

test('an order that has left lets the next one leave before it is done itself', async () => {
  const lanes = createOrderLanes(systemClock);
  const log: string[] = [];
  const [first, second] = [job(log, 'first'), job(log, 'second')];
  const leaving = lanes.send('a', '1', (letNext) => {
    letNext();
    return first.run();
  });
  const next = lanes.send('a', '2', second.run);
  await Promise.resolve();
  await vi.waitFor(() => expect(log).toEqual(['first', 'second']));
  expect(lanes.has('1')).toBe(true);
  first.end();
  second.end();
  await Promise.all([leaving, next]);
  expect(lanes.state()).toEqual({ waiting: 0, sending: 0, paused: [] });
});

test('a cancel waits for no order, and orders wait for it', async () => {
  const lanes = createOrderLanes(systemClock);
  const log: string[] = [];
  const [order, cancel, late] = [job(log, 'order'), job(log, 'cancel'), job(log, 'late')];
  const sent = [lanes.send('a', '1', order.run), lanes.send('a', '2', late.run)];
  await Promise.resolve();
  const cancelled = lanes.cancel('a', cancel.run);
  order.end();
  await sent[0];
  expect(log).not.toContain('late');
  cancel.end();
  await cancelled;
  late.end();
  await sent[1];
  expect(log.at(-1)).toBe('late');
});

test('all accounts are held until it is known which need to be', () => {
  const lanes = createOrderLanes(systemClock);
  expect(lanes.isHeld('a')).toBe(true);
  lanes.holdOnly(['a']);
  expect([lanes.isHeld('a'), lanes.isHeld('b')]).toEqual([true, false]);
  lanes.release('a');
  expect(lanes.isHeld('a')).toBe(false);
});
