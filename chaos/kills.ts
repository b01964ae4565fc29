import { killCase } from './case';
import type { ChaosDesk } from './desk';
import { guarded } from './guarded';
import { type Judged, newSubject, type Subject } from './subject';
import type { Count } from './report/tally';

const KILLS_A_SUBJECT = 5;

/** The kills of a plan, for any number of desks that take the next one each. */
export function createKills(
  { kills, firstSeed }: { kills: number; firstSeed: number },
  count: Count,
  judged: Judged[],
  isDone: (name: string) => boolean,
) {
  const nameOfRound = (round: number) => `kill ${round + 1} of seed ${firstSeed}`;
  const waiting = Array.from({ length: kills }, (_none, round) => round).filter(
    (round) => !isDone(nameOfRound(round)),
  );
  const done = { rounds: 0, held: 0 };
  return {
    done: () => done,
    async on(desk: ChaosDesk): Promise<void> {
      let subject: Subject | null = null;
      let own = 0;
      for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
        const nth = round;
        const problems = await guarded(async () => {
          if (subject === null || own % KILLS_A_SUBJECT === 0) {
            subject = await newSubject(desk, `kills-${nth}`);
            judged.push({ desk, subject });
          }
          return killCase(desk, subject, nth, firstSeed);
        });
        own += 1;
        done.rounds += 1;
        const replay = `--seed ${firstSeed} --faults none --kills ${nth + 1}`;
        if (count(nameOfRound(nth), replay, problems)) done.held += 1;
      }
    },
  };
}
