import { Agent, request } from 'undici';

/** Statuses whose answers have no body, which a `Response` insists on (Fetch standard, "null body status"). */
const BODILESS = new Set([204, 205, 304]);

/** Node's `fetch` has an agent of the undici that Node carries, under a symbol that both look for. */
const dispatcher = new Agent();

/**
 * `fetch` for what the SDK asks of orders: a text sent, and an answer read to its end before anyone sees it. Node's own
 * builds a request, two streams and their signals for that, which takes longer than the call itself (docs/adr/0010).
 * It follows no redirect and asks for no compression; nothing is ever sent twice.
 */
export const orderFetch: typeof fetch = async (input, init = {}) => {
  const { method = 'GET', body = null, signal = null, headers } = init;
  if (input instanceof Request || (body !== null && typeof body !== 'string')) return fetch(input, init);
  const answer = await request(input, {
    method: method.toUpperCase(),
    headers: Object.fromEntries(new Headers(headers)),
    body,
    dispatcher,
    ...(signal === null ? {} : { signal }),
  });
  const text = await answer.body.text();
  const told = Object.entries(answer.headers).flatMap(([name, values = []]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const status = answer.statusCode;
  return new Response(BODILESS.has(status) ? null : text, { status, headers: told });
};
