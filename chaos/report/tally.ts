import type { Fault } from '../faults/fault';
import type { Results } from './results';

export type Print = (line: string) => void;
export type Tally = { passed: number; failed: number };
export type Row = { fault: Fault; held: number; caught: number; cases: number };
/** Counts what was found; whether it was nothing. */
export type Count = (what: string, replay: string, problems: readonly string[]) => boolean;

export function createTally(results: Results, print: Print): { tally: Tally; count: Count } {
  const tally: Tally = { passed: 0, failed: 0 };
  return {
    tally,
    count(what, replay, problems) {
      const isGood = problems.length === 0;
      results.add(what, isGood);
      if (isGood) tally.passed += 1;
      else {
        tally.failed += 1;
        print(`FAILED ${what}\n  replay: npm run chaos -- ${replay}`);
        for (const problem of problems.slice(0, 12)) print(`  ${problem}`);
      }
      return isGood;
    },
  };
}

const WIDTH = 78;

export function printTable(
  rows: readonly Row[],
  killed: { rounds: number; held: number },
  again: number,
  print: Print,
): void {
  print(`\n${'fault'.padEnd(9)}${'what'.padEnd(WIDTH)}${'desk held'.padEnd(12)}control caught`);
  for (const { fault, held, caught, cases } of rows) {
    const cannot = fault.cannot?.() ?? null;
    const found =
      cannot === null ? `${`${held}/${cases}`.padEnd(12)}${caught}/${cases}` : `not here: ${cannot}`;
    print(`${fault.id.padEnd(9)}${fault.title.padEnd(WIDTH)}${found}${fault.oneSeed === true ? ' *' : ''}`);
  }
  print(
    `${'kills'.padEnd(9)}${'SIGKILL at a drawn moment under load'.padEnd(WIDTH)}${killed.held}/${killed.rounds}`,
  );
  print(`${again} accounts looked at once more at the end`);
  print('* slow: one seed in the short run of npm test');
}
