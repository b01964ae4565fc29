import { baseline, controlCase, deskCase, killCase, newSubject, problemsOf, type Subject } from './case';
import { type ChaosDesk, startDesk } from './desk';
import { type Fault, FAULTS, NOT_BUILT } from './faults';
import { openResults, type Results } from './results';

export type Plan = {
  faults: readonly string[] | 'all';
  seeds: number;
  firstSeed: number;
  kills: number;
  /** Where results add up over runs; what is in it as held is not done again. Null to keep none. */
  results: string | null;
};
export type Print = (line: string) => void;

type Tally = { passed: number; failed: number };
type Row = { fault: Fault; held: number; caught: number; cases: number };

/** Accounts are apart, so that faults of one do not touch the others. */
const SIDE_BY_SIDE = 6;

/** Names that are no fault of this run. */
export const unknownFaults = ({ faults }: Pick<Plan, 'faults'>): string[] =>
  faults === 'all' ? [] : faults.filter((name) => name !== 'none' && !FAULTS.some(({ id }) => id === name));

/** Puts the built desk through the plan and judges it; answers with the counts. */
export async function runChaos(plan: Plan, print: Print): Promise<Tally> {
  const faults = FAULTS.filter(({ id }) => plan.faults === 'all' || plan.faults.includes(id));
  const results = openResults(plan.results);
  const desk = await startDesk();
  const tally: Tally = { passed: 0, failed: 0 };
  const subjects: Subject[] = [];

  const count = (what: string, replay: string, problems: readonly string[]): boolean => {
    const isGood = problems.length === 0;
    results.add(what, isGood);
    if (isGood) tally.passed += 1;
    else {
      tally.failed += 1;
      print(`FAILED ${what}\n  replay: npm run chaos -- ${replay}`);
      for (const problem of problems.slice(0, 12)) print(`  ${problem}`);
    }
    return isGood;
  };
  const guarded = async (work: () => Promise<string[]>): Promise<string[]> => {
    try {
      return await work();
    } catch (error) {
      return [`broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    }
  };

  async function both(row: Row, seed: number): Promise<void> {
    const { fault } = row;
    const replay = `--seed ${seed} --faults ${fault.id}`;
    const problems = await guarded(async () => {
      const [found, subject] = await deskCase(desk, fault, seed);
      subjects.push(subject);
      return found;
    });
    if (count(nameOf(fault, seed), replay, problems)) row.held += 1;
    const found = await guarded(() => controlCase(desk, fault, seed));
    const isBroken = found.some((problem) => problem.startsWith('broke: '));
    const verdict = isBroken ? found : found.length > 0 ? [] : ['the naive sender got through unnoticed'];
    if (count(controlOf(fault, seed), replay, verdict)) row.caught += 1;
    row.cases += 1;
  }

  try {
    for (const way of ['anew', 'assume'] as const) {
      const problems = await guarded(() => baseline(desk, way, plan.firstSeed));
      count(`a naive sender (${way}) without a fault`, '', problems);
    }
    const rows = faults.map((fault): Row => ({ fault, held: 0, caught: 0, cases: 0 }));
    const seeds = Array.from({ length: plan.seeds }, (_none, at) => plan.firstSeed + at);
    const isDue = ({ row, seed }: { row: Row; seed: number }) =>
      [nameOf(row.fault, seed), controlOf(row.fault, seed)].some((name) => !results.has(name));
    const cases = rows.flatMap((row) => seeds.map((seed) => ({ row, seed }))).filter(isDue);
    await sideBySide(
      cases.filter(({ row }) => row.fault.alone !== true),
      ({ row, seed }) => both(row, seed),
    );
    for (const { row, seed } of cases.filter(({ row }) => row.fault.alone === true)) await both(row, seed);
    const killed = await runKills(desk, plan, guarded, count, subjects, results);
    for (const subject of subjects) {
      const problems = await guarded(() => problemsOf(desk, subject));
      count(`${subject.name}, looked at once more at the end`, `--seed ${plan.firstSeed}`, problems);
    }
    printTable(rows, killed, subjects.length, print);
    for (const line of results.summary()) print(line);
  } finally {
    if (tally.failed > 0) print(`the desk's last words:\n${desk.log().split('\n').slice(-25).join('\n')}`);
    await desk.dispose();
  }
  return tally;
}

const nameOf = ({ id }: Fault, seed: number) => `${id} seed ${seed}`;
const controlOf = (fault: Fault, seed: number) => `${nameOf(fault, seed)}, its control`;

const KILLS_A_SUBJECT = 5;

async function runKills(
  desk: ChaosDesk,
  { kills, firstSeed }: Plan,
  guarded: (work: () => Promise<string[]>) => Promise<string[]>,
  count: (what: string, replay: string, problems: readonly string[]) => boolean,
  subjects: Subject[],
  results: Results,
): Promise<{ rounds: number; held: number }> {
  let [held, rounds] = [0, 0];
  let subject: Subject | null = null;
  for (let round = 0; round < kills; round += 1) {
    const name = `kill ${round + 1} of seed ${firstSeed}`;
    if (results.has(name)) continue;
    rounds += 1;
    const problems = await guarded(async () => {
      if (subject === null || rounds % KILLS_A_SUBJECT === 0) {
        subject = await newSubject(desk, `kills-${round}`);
        subjects.push(subject);
      }
      return killCase(desk, subject, round, firstSeed);
    });
    const replay = `--seed ${firstSeed} --faults none --kills ${round + 1}`;
    if (count(name, replay, problems)) held += 1;
  }
  return { rounds, held };
}

async function sideBySide<Case>(cases: readonly Case[], run: (each: Case) => Promise<void>): Promise<void> {
  const waiting = [...cases];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

function printTable(
  rows: readonly Row[],
  killed: { rounds: number; held: number },
  again: number,
  print: Print,
): void {
  print(`\n${'fault'.padEnd(9)}${'what'.padEnd(60)}${'desk held'.padEnd(12)}control caught`);
  for (const { fault, held, caught, cases } of rows) {
    print(`${fault.id.padEnd(9)}${fault.title.padEnd(60)}${`${held}/${cases}`.padEnd(12)}${caught}/${cases}`);
  }
  print(
    `${'kills'.padEnd(9)}${'SIGKILL at a drawn moment under load'.padEnd(60)}${killed.held}/${killed.rounds}`,
  );
  print(`${again} accounts looked at once more at the end`);
  print('\nnot built:');
  for (const [id, why] of NOT_BUILT) print(`${id.padEnd(9)}${why}`);
}
