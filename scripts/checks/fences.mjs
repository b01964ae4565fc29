import { findCycles, nounEdges } from '../fences/cycles.mjs';
import { importGraph, reader } from '../fences/import-graph.mjs';
import { judge } from '../fences/judge.mjs';
import { isCode, isTest, listFiles } from '../lib/repository.mjs';

/** @param {string} root @returns {Promise<string[]>} */
export async function checkFences(root) {
  const paths = listFiles(root).filter((path) => isCode(path) && !path.endsWith('.d.ts'));
  const graph = importGraph(paths, reader(root));
  const cycles = [
    ...findCycles(graph.edges),
    ...findCycles(nounEdges(graph.edges.filter((edge) => !isTest(edge.from)))),
  ];
  return [...judge(graph), ...cycles.map((names) => `import cycle: ${names.join(' → ')}`)];
}
