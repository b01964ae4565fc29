import { z } from 'zod';

/** What DELETE /v2/orders answers: a status for each order, and why where it is not 200 (Alpaca OpenAPI). */
const cancels = z.array(
  z.object({ id: z.string(), status: z.number(), body: z.object({ message: z.string() }).nullish() }),
);

export function parseRefusedCancels(json: unknown): { venueOrderId: string; message: string }[] {
  return cancels
    .parse(json)
    .filter(({ status }) => status >= 300)
    .map(({ id, status, body }) => ({ venueOrderId: id, message: body?.message ?? `answered ${status}` }));
}
