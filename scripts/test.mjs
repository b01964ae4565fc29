// npm test: everything, on a machine that has only Node and npm. The last line is "N passed, N failed".
import { ensureInstalled } from './lib/install.mjs';
import { runScript, StepFailed } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';
import { lastLine, sum } from './lib/tally.mjs';
import { readTestArguments } from './lib/test-arguments.mjs';

await runScript(async () => {
  process.chdir(ROOT);
  await ensureInstalled(ROOT);
  const { STAGES } = await import('./stages/test-stages.mjs');
  const stageNames = STAGES.map(({ name }) => name);
  const { only, filters } = readTestArguments(process.argv.slice(2), stageNames);

  const tallies = [];
  for (const stage of STAGES.filter(({ name }) => only === null || name === only)) {
    process.stdout.write(`\n== ${stage.name}\n`);
    const tally = await stage.run(ROOT, filters).catch((error) => {
      process.stdout.write(`${error instanceof StepFailed ? error.message : error.stack}\n`);
      return { passed: 0, failed: 1 };
    });
    process.stdout.write(`== ${stage.name}: ${lastLine(tally)}\n`);
    tallies.push(tally);
  }
  const total = sum(tallies);
  process.stdout.write(`\n${lastLine(total)}\n`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
});
