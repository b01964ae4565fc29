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
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

export function hashPassword(password: string): Promise<string> {
  return limited(() => hash(password, COST));
}

let decoy: Promise<string> | null = null;

/** Whether the password fits. Without a stored hash it takes as long and answers no. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no user has this password');
  const against = stored ?? (await decoy);
  const fits = await limited(() => verify(against, password));
  return fits && stored !== null;
}
