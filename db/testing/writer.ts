import { openDatabase } from '../client';
import { users } from '../schema';

/** Writes one user after another and tells its parent of each that is committed, until it is killed. */
const [url = '', migrations = '', round = ''] = process.argv.slice(2);
const database = await openDatabase({ url });
await database.migrate(migrations);
for (let count = 0; ; count += 1) {
  const id = `writer-${round}-${count}`;
  const row = { id, email: id, username: id, usernameKey: id, passwordHash: 'x', role: 'trader' as const };
  await database.write((db) => db.insert(users).values({ ...row, createdAt: id }));
  process.send?.(id);
}
