import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { NaiveWorld } from '../../testing/naive-client';

const headers = { 'APCA-API-KEY-ID': 'PKNAIVE', 'APCA-API-SECRET-KEY': 'naive-secret' };
const event = z.looseObject({
  event_id: z.string(),
  activity_type: z.string(),
  ref_id: z.string(),
  qty: z.string().optional(),
});
type Seen = z.infer<typeof event>;
const market = { type: 'market', limit_price: undefined };

let world: NaiveWorld;
beforeEach(async () => {
  world = await NaiveWorld.start();
});
afterEach(() => world.close());

const open = (query: string): Promise<Response> =>
  fetch(`${world.exchange.url}/v2beta1/events/activities${query}`, { headers });
const parse = (text: string): Seen[] =>
  text
    .split('\n\n')
    .filter((part) => part.startsWith('data: '))
    .map((part) => event.parse(JSON.parse(part.slice(6))));

test('tells what happens from now on', async () => {
  await world.place('before', market);
  await world.until('before', 'filled');
  const answer = await open('');
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  await world.place('after', market);
  await world.control('POST', 'cash', { key_id: 'PKNAIVE', cash: '5' });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk);
    if (parse(text).length >= 2) break;
  }
  expect(
    parse(text)
      .map((one) => one.activity_type)
      .sort(),
  ).toEqual(['CSW', 'FILL']);
});

test('tells history and ends where it is asked to, by time and by id', async () => {
  for (const id of ['a', 'b', 'c']) {
    await world.place(id, market);
    await world.until(id, 'filled');
  }
  // The last execution must lie before the end that is asked for, which must lie in the past.
  const filled = Date.now();
  while (Date.now() < filled + 3);
  const now = new Date(Date.now() - 1).toISOString();
  const all = parse(await (await open(`?since=2026-01-01&until=${now}`)).text());
  expect(all.map(({ activity_type: type, qty }) => `${type} ${qty}`)).toEqual([
    'FILL 10',
    'FILL 10',
    'FILL 10',
  ]);
  expect(all.map((one) => one.event_id)).toEqual(all.map((one) => one.event_id).sort());
  const [, second, third] = all;
  const some = parse(await (await open(`?since_id=${second?.event_id}&until_id=${third?.event_id}`)).text());
  expect(some).toEqual([second, third]);
});

test.each(['?until=2026-01-01', '?until_id=01', '?since=2026-01-01&since_id=01', '?since=soon'])(
  'refuses %s',
  async (query) => {
    expect((await open(query)).status).toBe(422);
  },
);
