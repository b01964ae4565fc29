/** What came of a request; `status` is null when there was no whole answer. */
export type Answer = { status: number | null; text: string; json: unknown };

/** One request; nothing it meets throws. */
export async function ask(
  url: string,
  method: string,
  options: { headers?: Record<string, string>; body?: unknown; text?: string; timeoutMs?: number } = {},
): Promise<Answer> {
  const { headers = {}, body, text: raw, timeoutMs = 8_000 } = options;
  try {
    const answer = await fetch(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(raw === undefined ? {} : { body: raw }),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: parsed(text) };
  } catch (error) {
    return { status: null, text: error instanceof Error ? error.message : 'no answer', json: null };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
