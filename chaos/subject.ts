import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosDesk } from './desk';
import type { Rest, World } from './faults/fault';
import { keyIdOf, truthOf } from './journal';
import { judge } from './oracle';
import { signUp } from './senders/desk-sender';
import type { Sender } from './senders/sender';

/** An account that was put through something, to be judged again at the end. */
export type Subject = {
  name: string;
  sender: Sender;
  keyId: string;
  outside: string[];
  disputed: string[];
  rest: Rest | null;
  authorization: string | null;
};

export type Judged = { desk: ChaosDesk; subject: Subject };

/** The books must agree with the venue this long after the last fault was taken away. */
const QUIET_LIMIT_MS = 40_000;

let made = 0;

/** A new user of the desk with an account of its own. */
export async function newSubject(desk: ChaosDesk, name: string): Promise<Subject> {
  made += 1;
  const sender = await signUp(desk, `chaos-${made}-${name.toLowerCase()}`);
  const keyId = keyIdOf(desk.journal(), sender.accountNumber);
  const { rest, authorization } = sender;
  return { name, sender, keyId, outside: [], disputed: [], rest, authorization };
}

/** The same account, as a fault's world has it. */
export const subjectOf = ({ sender, keyId, outside, disputed, rest, authorization }: World): Subject => ({
  name: 'subject',
  sender,
  keyId,
  outside,
  disputed,
  rest,
  authorization,
});

export const problemsOf = async (desk: ChaosDesk, subject: Subject): Promise<string[]> =>
  judge(await subject.sender.books(), truthOf(desk.journal(), subject.keyId), subject);

/** Looks until the books agree with the venue; answers with what still differs when the time is over. */
export async function untilQuiet(
  desk: ChaosDesk,
  subject: Subject,
  limitMs = QUIET_LIMIT_MS,
): Promise<string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const problems = await problemsOf(desk, subject);
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await pause(200);
  }
}
