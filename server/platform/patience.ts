import { setTimeout as pause } from 'node:timers/promises';

/** The answer, or `otherwise` when it fails or takes longer than `ms`; what is late is not cancelled. */
export async function patiently<Answer, Other>(
  answer: Promise<Answer>,
  ms: number,
  otherwise: Other,
): Promise<Answer | Other> {
  const given = new AbortController();
  const late = pause(ms, otherwise, { signal: given.signal }).catch(() => otherwise);
  try {
    return await Promise.race([answer.catch(() => otherwise), late]);
  } finally {
    given.abort();
  }
}
