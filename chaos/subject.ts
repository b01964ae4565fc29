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
