import { z } from 'zod';
import type { TestDesk } from './desk';
import { type Reply, sendJson } from './http-caller';

const faultList = z.array(z.looseObject({ fired: z.number(), count: z.number().optional() }));

/** Calls the exchange's control API, which makes it fail on purpose. */
export function control({ parts }: TestDesk, method: string, path: string, body?: unknown): Promise<Reply> {
  const headers = { authorization: `Bearer ${parts.secrets.exchangeControlToken}` };
  return sendJson(parts.exchange.url, method, `/control/${path}`, body, headers);
}

/** Sets a fault beside those there are; throws when the exchange does not take it. */
export async function addFault(desk: TestDesk, fault: object): Promise<void> {
  const { status, text } = await control(desk, 'POST', 'faults', fault);
  if (status !== 201) throw new Error(`the exchange did not take the fault: ${text}`);
}

/** Sets one fault and takes away those before it; none when it is null. */
export async function setFault(desk: TestDesk, fault: object | null): Promise<void> {
  await control(desk, 'DELETE', 'faults');
  if (fault !== null) await addFault(desk, fault);
}

/** Takes all faults away after a test; throws when one of them met nothing. */
export async function endFaults(desk: TestDesk): Promise<void> {
  try {
    await expectAllFired(desk);
  } finally {
    await setFault(desk, null);
  }
}

/** Throws when a fault that was to strike a number of times met nothing; one that just lasts may meet nothing. */
export async function expectAllFired(desk: TestDesk): Promise<void> {
  const { text } = await control(desk, 'GET', 'faults');
  const idle = faultList.parse(JSON.parse(text)).filter((fault) => 'count' in fault && fault.fired === 0);
  if (idle.length > 0) throw new Error(`faults that met nothing: ${JSON.stringify(idle)}`);
}
