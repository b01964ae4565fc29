import { StepFailed } from '../processes/quiet-step.mjs';

/**
 * `npm test -- --only unit orders` runs one stage; what follows goes to its runner.
 * @param {readonly string[]} args
 * @param {readonly string[]} stages
 * @returns {{ only: string | null, filters: string[] }}
 */
export function readTestArguments(args, stages) {
  const known = `npm test [-- --only ${stages.join('|')} [filters…]]`;
  const [flag, only, ...filters] = args;
  if (flag === undefined) return { only: null, filters: [] };
  if (flag !== '--only' || only === undefined || !stages.includes(only))
    throw new StepFailed(`Usage: ${known}`);
  return { only, filters };
}
