import { hash, verify } from '@node-rs/argon2';
import { DeskError } from '@/domain/errors';

/** argon2id (the library's default), 64 MiB, 3 passes: above OWASP's minimum of 19 MiB and 2 (about 40 ms on one core). */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };
/** Each hash holds 64 MiB, so few run at once and a flood is turned away instead of filling memory. */
const AT_ONCE = 2;
const MAX_WAITING = 40;

let running = 0;
const waiting: (() => void)[] = [];

async function limited<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) {
      throw new DeskError(
        'unavailable',
        'Too many people are signing in right now. Try again in a few seconds.',
      );
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // The place is handed over, so that nobody slips in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

export function hashPassword(password: string): Promise<string> {
  return limited(() => hash(password, COST));
}

/** Of a password nobody has, at the same cost: hashing one here could fail in a flood, and stay failed. */
const DECOY =
  '$argon2id$v=19$m=65536,t=3,p=1$HQSxv3Ninnjfa3cZfVt1OQ$0u2/62cAnmDwVShI1l8xwrQU59FehoVfcaB4vwSJPuU';

/** Whether the password fits. Without a stored hash it takes as long and answers no. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  const fits = await limited(() => verify(stored ?? DECOY, password));
  return fits && stored !== null;
}
