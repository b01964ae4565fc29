import { benchAccept } from './orders/accept';
import { warmStart, withDesk } from './desk';
import { spread } from './figures';
import { benchExchange } from './exchange';
import { benchOrder } from './order';
import { benchPages } from './pages';
import { benchQuote } from './quote';
import { benchRisk } from './risk';
import { benchScreen } from './screen';
import { benchWorkers } from './orders/workers';

const BUILT = 'dist/main.js';
const BUILT_WORKER = 'dist/worker.js';
const START = 'scripts/start.mjs';

/** Runs the benches that are named, or all; prints what it measured. Ratios come from one interleaved run. */
export async function runBenches(names: readonly string[], print: (line: string) => void): Promise<void> {
  const wanted = (name: string) => names.length === 0 || names.includes(name);
  if (wanted('quote')) await withDesk([BUILT], (desk) => benchQuote(desk, print));
  if (wanted('order') || wanted('pages')) {
    await withDesk([BUILT], async (desk) => {
      await benchOrder(desk, print);
      await benchPages(desk, print);
    });
  }
  if (wanted('screen')) await withDesk([BUILT], (desk) => benchScreen(desk, print));
  if (wanted('risk')) benchRisk(print);
  if (wanted('accept')) await benchAccept([BUILT], print);
  if (wanted('workers')) await benchWorkers({ desk: [BUILT], worker: [BUILT_WORKER] }, print);
  if (wanted('exchange')) await benchExchange(print);
  if (wanted('start')) print(`npm start, warm, until ready: ${spread(await warmStart(START), 0)} ms`);
}
