import { z } from 'zod';
import { problemsOf, subjectOf } from '../subject';
import { until } from '../until';
import type { Fault, World } from './fault';
import { mixedLoad, whenKnown } from './load';

/** An owner hears of a lost stop at most so long after it was lost. */
const ALERT_LIMIT_MS = 5_000;
const alerts = z.looseObject({ alerts: z.array(z.unknown()) });

/** A bracket fills and the venue rejects its stop, the second of its exits. */
async function loseStop(world: World): Promise<void> {
  await world.strike({ kind: 'race', action: 'reject_leg', skip: 1, count: 1 });
  const qty = String(world.random.whole(1, 9));
  const exits = { profit: '9000', stop: String(world.random.whole(1, 9)) };
  await world.sender.submit('bracket', { symbol: 'QQQ', side: 'buy', qty, limitPrice: null, exits });
}

const isTold = async ({ rest }: World) => {
  const answer = await rest?.('GET', '/alerts');
  return alerts.safeParse(answer?.json).data?.alerts.length === 1;
};

export const PROTECTION: readonly Fault[] = [
  {
    id: 'F37',
    title: 'a bracket fills and its stop is rejected: told within five seconds',
    naive: 'anew',
    run: async (world) => {
      await loseStop(world);
      const isSoon = await until(() => isTold(world), ALERT_LIMIT_MS);
      await mixedLoad(world, 'load');
      return isSoon ? [] : ['the lost stop was not told of within five seconds'];
    },
    // A desk that keeps its books and tells nobody: the oracle must miss the alert, and nothing else.
    async control(world) {
      await loseStop(world);
      const subject = subjectOf(world);
      if (!(await until(async () => (await problemsOf(world.desk, subject)).length === 0, 15_000))) return [];
      await whenKnown(world, []);
      const mute = {
        ...world.sender,
        books: async () => ({ ...(await world.sender.books()), unprotected: new Set<string>() }),
      };
      return problemsOf(world.desk, { ...subject, sender: mute });
    },
  },
];
