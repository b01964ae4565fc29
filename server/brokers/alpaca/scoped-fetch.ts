import { type AlpacaEndpoints, ForeignHostError } from './endpoints';

/**
 * Fetches from the endpoints' own addresses and nowhere else. A redirect is not followed: the keys travel in
 * headers that a redirect would carry along to whatever host it names. It is answered as what it is, a 3xx.
 */
export function scopedFetch(
  { trading, data }: AlpacaEndpoints,
  transport: typeof fetch = fetch,
): typeof fetch {
  const origins = new Set([new URL(trading).origin, new URL(data).origin]);
  return (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    if (!origins.has(origin))
      return Promise.reject(new ForeignHostError(`${origin} is not where this account is kept`));
    return transport(input, { ...init, redirect: 'manual' });
  };
}
