let people = 0;

export type Person = { username: string; email: string; password: string };

/** Somebody who has never been here. */
export function newPerson(): Person {
  people += 1;
  const username = `trader${process.pid}x${people}x${process.hrtime.bigint() % 1_000_000n}`;
  return { username, email: `${username}@example.com`, password: 'a calm morning in the pit' };
}
