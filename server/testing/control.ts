import type { TestDesk } from './desk';
import { type Reply, sendJson } from './http-caller';

/** Calls the exchange's control API, which makes it fail on purpose. */
export function control({ parts }: TestDesk, method: string, path: string, body?: unknown): Promise<Reply> {
  const headers = { authorization: `Bearer ${parts.secrets.exchangeControlToken}` };
  return sendJson(parts.exchange.url, method, `/control/${path}`, body, headers);
}

/** Sets one fault and takes away those before it; none when it is null. */
export async function setFault(desk: TestDesk, fault: object | null): Promise<void> {
  await control(desk, 'DELETE', 'faults');
  if (fault === null) return;
  const { status, text } = await control(desk, 'POST', 'faults', fault);
  if (status !== 201) throw new Error(`the exchange did not take the fault: ${text}`);
}
