import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from './index';
import { anyRequest } from './testing/alpaca-fuzz';
import { type Asked, goodRequest, NOW } from './testing/alpaca-requests';
import { answerProblems, type Operation, OPERATIONS } from './testing/schema-check';
import { accountWithThings } from './testing/things';

const envelope = z.object({ message: z.string().min(1), code: z.number().int().optional() });
const RUNS = 50;
const rows = OPERATIONS.map((operation) => [operation.method, operation.path, operation] as const);

let exchange: Exchange;
const faults: unknown[] = [];
beforeAll(async () => {
  const onError = (error: unknown): void => void faults.push(error);
  exchange = await startExchange({
    clock: NOW,
    rateLimit: 'off',
    partialFillRate: 0,
    onError,
  });
});
afterAll(() => exchange.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly requestId: string | null;
}

async function ask(
  { method }: Operation,
  headers: Record<string, string>,
  asked: Asked & { raw?: string | null },
): Promise<Answer> {
  const url = new URL(exchange.url + asked.path);
  for (const [name, value] of Object.entries(asked.query)) url.searchParams.set(name, value);
  const body = asked.body === undefined ? {} : { body: asked.raw ?? JSON.stringify(asked.body) };
  const answer = await fetch(url, { method, headers, ...body, signal: AbortSignal.timeout(5_000) });
  const requestId = answer.headers.get('x-request-id');
  const goesOn = answer.headers.get('content-type') === 'text/event-stream';
  if (goesOn) await answer.body?.cancel();
  return { status: answer.status, text: goesOn ? '' : await answer.text(), requestId };
}

/** Where Alpaca's own service departs from its document, and so does the exchange (README, Operations). */
const DEPARTURES = [
  /^\w+Single\.(bars|trades|quotes|auctions): null$/,
  /^News\.news\[\d+\]\.content: too short$/,
  /^getAccountActivities\[\d+\]: none of its forms$/,
  // What could not be closed has the refusal in the place of the order.
  /^deleteAllOpenPositions\[\d+\]\.body\.\w+: missing$/,
];

const problemsIn = (operation: Operation, { text }: Answer): string[] =>
  operation.answer === null || text === '' ? [] : answerProblems(operation, JSON.parse(text));

describe("each of the 79 operations of Alpaca's OpenAPI documents", () => {
  test('is there once', () => {
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(79);
  });

  test.each(rows)('%s %s answers a good request with 2xx, as its schema says', async (_, __, operation) => {
    const { headers, things } = await accountWithThings(exchange);
    const answer = await ask(operation, headers, goodRequest(operation, things));
    expect([operation.status, answer.text.slice(0, 200)]).toEqual([
      expect.arrayContaining([answer.status]),
      expect.anything(),
    ]);
    expect(problemsIn(operation, answer)).toEqual([]);
  });

  test.each(rows)(
    `%s %s meets ${RUNS} requests of any kind with no fault, no hang, and no answer out of form`,
    async (_, __, operation) => {
      const { headers, things } = await accountWithThings(exchange);
      const good = goodRequest(operation, things);
      await fc.assert(
        fc.asyncProperty(anyRequest(operation, good), async (asked) => {
          const answer = await ask(operation, headers, asked);
          expect(answer.status).toBeLessThan(500);
          expect(answer.requestId).toMatch(/^[0-9a-f]{32}$/);
          expect(answer.status < 400 || envelope.safeParse(JSON.parse(answer.text)).success).toBe(true);
          const problems = answer.status < 300 ? problemsIn(operation, answer) : [];
          expect(problems.filter((one) => !DEPARTURES.some((form) => form.test(one)))).toEqual([]);
        }),
        { numRuns: RUNS },
      );
      expect(faults).toEqual([]);
    },
    60_000,
  );
});
