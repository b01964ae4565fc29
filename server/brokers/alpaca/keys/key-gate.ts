import { z } from 'zod';
import type { SessionKeys } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { AlpacaAccess } from '../endpoints';

const ASK_TIMEOUT_MS = 10_000;
/** How long refused keys are left alone: the double after each asking, up to the most. */
const [FIRST_WAIT_MS, MOST_WAIT_MS] = [5_000, 300_000];

/** What is answered in the venue's name while it refuses the keys. Nothing has left, so it is as proven as its own. */
const refusal = () => Response.json({ message: 'unauthorized; nothing was sent.' }, { status: 401 });

const error = z.looseObject({ code: z.unknown().optional(), message: z.string().optional() });

/**
 * Whether an answer says that the keys themselves are refused: 401 ("unauthorized.", or code 40110000). A 403 is
 * about what the account may do (40310000 for an order), but for one without a code, "forbidden.", which is how
 * Alpaca answers keys that it cannot read (docs.alpaca.markets, Getting Started with Trading API; Alpaca-API#228).
 */
async function isRefusal(response: Response): Promise<boolean> {
  if (response.status === 401) return true;
  if (response.status !== 403) return false;
  const body = error.safeParse(
    await response
      .clone()
      .json()
      .catch(() => null),
  );
  return body.success && body.data.code === undefined && /^forbidden\b/i.test(body.data.message ?? '');
}

/** Whether an answer proves that the keys are taken; a gateway's 5xx and a 429 say nothing of them. */
const isProof = ({ ok, status }: Response) => ok || [403, 404, 422].includes(status);

export type KeyGate = SessionKeys & {
  /** Calls of the account itself: what they are answered tells of the keys. */
  guard(fetching: typeof fetch): typeof fetch;
  /** Calls elsewhere with the same keys, whose refusals may have other reasons: only held back. */
  shield(fetching: typeof fetch): typeof fetch;
};

/**
 * Stands between a session and its venue. When the venue refuses the keys it shuts, and from then on nothing leaves
 * but cancels, which take risk away, and what `ask` asks: however many callers try again, the venue hears nothing.
 */
export function createKeyGate(
  { endpoints, credentials, clock }: AlpacaAccess & { clock: Clock },
  plain: typeof fetch,
): KeyGate {
  const listeners = new Set<(isTaken: boolean) => void>();
  let refused = false;
  /** Grows with every change: an answer to what was asked before it says nothing of now. */
  let era = 0;
  let asks = 0;
  let dueAt = 0;

  async function observe(response: Response, askedIn: number): Promise<Response> {
    const isRefused = await isRefusal(response);
    if (askedIn !== era || isRefused === refused || !(isRefused || isProof(response))) return response;
    refused = isRefused;
    era += 1;
    asks = 0;
    dueAt = clock.now() + FIRST_WAIT_MS;
    for (const tell of listeners) tell(!isRefused);
    return response;
  }

  async function ask(): Promise<boolean | null> {
    const askedIn = era;
    asks += 1;
    dueAt = clock.now() + Math.min(FIRST_WAIT_MS * 2 ** asks, MOST_WAIT_MS);
    const headers = { 'APCA-API-KEY-ID': credentials.keyId, 'APCA-API-SECRET-KEY': credentials.secretKey };
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    try {
      const answer = await observe(
        await plain(`${endpoints.trading}/v2/account`, { headers, signal }),
        askedIn,
      );
      const isTaken = (await isRefusal(answer)) ? false : isProof(answer) || null;
      await answer.body?.cancel();
      return isTaken;
    } catch {
      return null;
    }
  }

  const askWhenDue = () => (clock.now() < dueAt ? Promise.resolve(null) : ask());
  /** What is held back may be the only sign that somebody still waits for these keys. */
  function holdBack(): Response {
    void askWhenDue();
    return refusal();
  }
  const methodOf = (input: Parameters<typeof fetch>[0], init: RequestInit | undefined) =>
    (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();

  return {
    get refused() {
      return refused;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ask,
    askWhenDue,
    guard: (fetching) => async (input, init) => {
      if (refused && methodOf(input, init) !== 'DELETE') return holdBack();
      const askedIn = era;
      return observe(await fetching(input, init), askedIn);
    },
    shield: (fetching) => (input, init) => (refused ? Promise.resolve(holdBack()) : fetching(input, init)),
  };
}
