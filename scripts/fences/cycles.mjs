/**
 * Finds import cycles. Types are erased and start nothing, so only value imports count.
 * @param {readonly import('./import-graph.mjs').Edge[]} edges
 * @returns {string[][]} each cycle once, as the names along it, the first one repeated at the end
 */
export function findCycles(edges) {
  /** @type {Map<string, Set<string>>} */
  const next = new Map();
  for (const { from, to, typeOnly } of edges) {
    if (!typeOnly) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[][]} */
  const cycles = [];
  /** @type {string[]} */
  const path = [];
  /** @param {string} node */
  const walk = (node) => {
    const at = path.indexOf(node);
    if (at >= 0) {
      cycles.push([...path.slice(at), node]);
      return;
    }
    if (done.has(node)) return;
    path.push(node);
    for (const target of next.get(node) ?? []) walk(target);
    path.pop();
    done.add(node);
  };
  for (const node of [...next.keys()].sort()) walk(node);
  return cycles;
}

/**
 * The nouns of the services may use each other's verbs, but not in a circle: two nouns that need each other are
 * one noun, or their shared part is a third.
 * @param {readonly import('./import-graph.mjs').Edge[]} edges
 */
export function nounEdges(edges) {
  return edges.flatMap(({ from, to, typeOnly }) => {
    const [source, target] = [nounOf(from), nounOf(to)];
    return source && target && source !== target ? [{ from: source, to: target, typeOnly }] : [];
  });
}

/** @param {string} path */
function nounOf(path) {
  return /^server\/services\/[^/]+(?=\/)/.exec(path)?.[0];
}
