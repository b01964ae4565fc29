/**
 * The one version of the protocol spoken here, of the hundreds that clients and IB's servers know. 178 is the first
 * at which every client reads completed orders alike (FA profiles went with 177) and the last that ib_insync and
 * ib_async ask for; @stoqey/ib 1.6.10 and IB's own libraries speak it too. Later ones add only what is not here.
 */
export const SERVER_VERSION = 178;

const GREETING = /^v(\d{1,9})(?:\.\.(\d{1,9}))?(?: .*)?$/;

/** Whether a client's range of versions (`v100..193`) has ours in it; false also for what is no range. */
export function speaksOurs(greeting: string): boolean {
  const match = GREETING.exec(greeting);
  if (match === null) return false;
  const least = Number(match[1]);
  return least <= SERVER_VERSION && SERVER_VERSION <= Number(match[2] ?? least);
}
