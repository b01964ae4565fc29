import type { Print } from './tally';

export type Timed = <Result>(what: string, work: () => Promise<Result>) => Promise<Result>;

const SHOWN = 25;

/** Where the time of a run goes. It is printed for whoever wants the run shorter; nothing is judged by it. */
export function createClock(): { timed: Timed; print: (print: Print) => void } {
  const took: { what: string; seconds: number }[] = [];
  return {
    async timed(what, work) {
      const from = performance.now();
      try {
        return await work();
      } finally {
        took.push({ what, seconds: (performance.now() - from) / 1000 });
      }
    },
    print(print) {
      print('\nwhat took longest, in seconds:');
      const long = took.filter(({ seconds }) => seconds >= 1);
      for (const { what, seconds } of long.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN))
        print(`${seconds.toFixed(0).padStart(6)}  ${what}`);
    },
  };
}
