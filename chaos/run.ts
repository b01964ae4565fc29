import { baseline, controlCase, deskCase } from './case';
import { type ClusterDesk, startClusterDesk, wordsOf } from './cluster/cluster';
import { type ChaosDesk, startDesk } from './desk';
import type { Fault } from './faults/fault';
import { FAULTS } from './faults/list';
import { guarded } from './guarded';
import { createKills } from './kills';
import { openResults } from './report/results';
import { type Judged, problemsOf } from './subject';
import { createClock, type Timed } from './report/clock';
import { type Count, createTally, type Print, printTable, type Row, type Tally } from './report/tally';

export type Plan = {
  faults: readonly string[] | 'all';
  seeds: number;
  /** Whether faults that are slow get one seed, however many the others get. */
  short: boolean;
  firstSeed: number;
  kills: number;
  /** Where results add up over runs; what is in it as held is not done again. Null to keep none. */
  results: string | null;
};
type Case = { row: Row; seed: number };

/** Accounts are apart, so that faults of one do not touch the others. */
const SIDE_BY_SIDE = 8;
/** Desks of a fault's own that run at the same time. */
const OWN_DESKS = 2;

/** Names that are no fault of this run. */
export const unknownFaults = ({ faults }: Pick<Plan, 'faults'>): string[] =>
  faults === 'all' ? [] : faults.filter((name) => name !== 'none' && !FAULTS.some(({ id }) => id === name));

const nameOf = ({ id, title, own, clustered }: Fault, seed: number) =>
  own === undefined && clustered !== true ? `${id} seed ${seed}` : `${id} seed ${seed} (${title})`;
const controlOf = (fault: Fault, seed: number) => `${nameOf(fault, seed)}, its control`;

/** Puts the built desk through the plan and judges it; answers with the counts. */
export async function runChaos(plan: Plan, print: Print): Promise<Tally> {
  const results = openResults(plan.results);
  const { tally, count } = createTally(results, print);
  const faults = FAULTS.filter(({ id }) => plan.faults === 'all' || plan.faults.includes(id));
  const rows = faults.map((fault): Row => ({ fault, held: 0, caught: 0, cases: 0 }));
  const cases = casesOf(plan, rows).filter(({ row, seed }) =>
    [nameOf(row.fault, seed), controlOf(row.fault, seed)].some((name) => !results.has(name)),
  );
  const [many, alone, killed] = await Promise.all([startDesk(), startDesk(), startDesk()]);
  const judged: Judged[] = [];
  const clock = createClock();
  let again = 0;
  const lookAgain = async (accounts: readonly Judged[]) => {
    again += accounts.length;
    for (const { desk, subject } of accounts) {
      const problems = await guarded(() => problemsOf(desk, subject));
      count(`${subject.name}, looked at once more at the end`, `--seed ${plan.firstSeed}`, problems);
    }
  };
  const kills = createKills(plan, count, judged, (name) => results.has(name));
  const run = (desk: ChaosDesk) => (each: Case) =>
    clock.timed(nameOf(each.row.fault, each.seed), () =>
      both(() => Promise.resolve(desk), each, count, judged),
    );
  try {
    for (const way of ['anew', 'assume', 'insist'] as const) {
      const problems = await guarded(() => baseline(many, way, plan.firstSeed));
      count(`a naive sender (${way}) without a fault`, '', problems);
    }
    const owning = cases.filter(({ row }) => row.fault.own !== undefined);
    const clustered = cases.filter(({ row }) => row.fault.clustered === true);
    const shared = cases.filter(({ row }) => row.fault.own === undefined && row.fault.clustered !== true);
    const together = shared.filter(({ row }) => row.fault.alone !== true);
    const oneByOne = shared.filter(({ row }) => row.fault.alone === true);
    const killing = (desk: ChaosDesk) => clock.timed('all: kills', () => kills.on(desk));
    await Promise.all([
      clock
        .timed('all: many accounts of one desk', () => sideBySide(SIDE_BY_SIDE, together, run(many)))
        .then(() => killing(many)),
      clock
        .timed('all: what stops a desk', () => sideBySide(1, oneByOne, run(alone)))
        .then(() => killing(alone)),
      clock.timed('all: desks of their own', () => sideBySide(OWN_DESKS, owning, run(many))),
      killing(killed),
    ]);
    // Six processes, of which the case strikes one at a moment: nothing else may be in their way.
    await clock.timed('all: one cluster', () =>
      inOneCluster(clustered, count, lookAgain, clock.timed, print),
    );
    await clock.timed('all: accounts looked at once more', () => lookAgain(judged));
    printTable(rows, kills.done(), again, print);
    clock.print(print);
    for (const line of results.summary()) print(line);
  } finally {
    const words = [many, alone, killed].map((desk) => desk.log().split('\n').slice(-12).join('\n'));
    if (tally.failed > 0) print(`the desks' last words:\n${words.join('\n--\n')}`);
    for (const desk of [many, alone, killed]) await desk.dispose();
  }
  return tally;
}

function casesOf({ seeds, short, firstSeed }: Plan, rows: readonly Row[]): Case[] {
  return rows
    .filter(({ fault }) => (fault.cannot?.() ?? null) === null)
    .flatMap((row) => {
      const often = short && row.fault.oneSeed === true ? Math.min(1, seeds) : seeds;
      return Array.from({ length: often }, (_none, at) => ({ row, seed: firstSeed + at }));
    });
}

/** A fault and its control, on the shared desk or on one of the fault's own. */
async function both(
  shared: () => Promise<ChaosDesk>,
  { row, seed }: Case,
  count: Count,
  judged: Judged[],
): Promise<void> {
  const { fault } = row;
  const replay = `--seed ${seed} --faults ${fault.id}`;
  const opened: { desk?: ChaosDesk } = {};
  const problems = await guarded(async () => {
    const desk = fault.own === undefined ? await shared() : await startDesk(fault.own);
    opened.desk = desk;
    const [found, subject] = await deskCase(desk, fault, seed);
    if (fault.own === undefined) judged.push({ desk, subject });
    return found;
  });
  if (count(nameOf(fault, seed), replay, problems)) row.held += 1;
  const found = await guarded(async () => controlCase(opened.desk ?? (await shared()), fault, seed));
  const isBroken = found.some((problem) => problem.startsWith('broke: '));
  const verdict = isBroken ? found : found.length > 0 ? [] : ['the naive form got through unnoticed'];
  if (count(controlOf(fault, seed), replay, verdict)) row.caught += 1;
  row.cases += 1;
  if (fault.own !== undefined) await opened.desk?.dispose();
}

/** The cases of the one cluster, which is there as long as they run. */
async function inOneCluster(
  cases: readonly Case[],
  count: Count,
  lookAgain: (accounts: readonly Judged[]) => Promise<void>,
  timed: Timed,
  print: Print,
): Promise<void> {
  const opened: { cluster?: Promise<ClusterDesk> } = {};
  const shared = async () => (await (opened.cluster ??= startClusterDesk())).desk;
  const judged: Judged[] = [];
  let isGood = true;
  const noting: Count = (...found) => {
    const held = count(...found);
    isGood &&= held;
    return held;
  };
  await sideBySide(1, cases, (each) =>
    timed(nameOf(each.row.fault, each.seed), () => both(shared, each, noting, judged)),
  );
  await lookAgain(judged);
  const cluster = (await opened.cluster?.catch(() => null)) ?? null;
  if (cluster !== null && !isGood) print(`the cluster's last words:\n${wordsOf(cluster.desk)}`);
  await cluster?.dispose();
}

async function sideBySide<Each>(
  workers: number,
  cases: readonly Each[],
  run: (each: Each) => Promise<void>,
): Promise<void> {
  const waiting = [...cases];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
