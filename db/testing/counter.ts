import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { type Db, openDatabase } from '../client';
import { users } from '../schema';

/** Raises the number in a user's name again and again, reading it each time; see server-database.test. */
const [url = '', id = '', times = '', way = ''] = process.argv.slice(2);
const database = await openDatabase({ url });

async function raise(db: Db): Promise<void> {
  const [row] = await db.select({ name: users.username }).from(users).where(eq(users.id, id));
  const username = String(Number(row?.name) + 1);
  // Long enough that the other process comes in between wherever it can.
  await pause(2);
  await db.batch([db.update(users).set({ username }).where(eq(users.id, id))]);
}

process.send?.('ready');
process.once('message', () => {
  void (async () => {
    for (let time = 0; time < Number(times); time += 1) {
      // One call after another: within this process they are alone either way.
      if (way === 'in a write') await database.write(raise);
      else await raise(database.db);
    }
    await database.close();
    process.exit(0);
  })();
});
