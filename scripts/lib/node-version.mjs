/**
 * Compares the running Node with the `engines.node` floor of package.json (the only form used is `>=a.b`).
 * @param {string} current for example "20.20.2"
 * @param {string} range for example ">=20.19"
 * @returns {string | null} one line that says what to do, or null when the version will do
 */
export function nodeVersionProblem(current, range) {
  const floor = range.replace(/^>=\s*/, '');
  if (isAtLeast(current, floor)) return null;
  return `Outcry needs Node ${floor} or newer; this is Node ${current}. Install a newer Node and run the command again.`;
}

/**
 * Compares dotted versions number by number. A pre-release counts as older than its release.
 * @param {string} version
 * @param {string} floor
 */
export function isAtLeast(version, floor) {
  const have = numbersOf(version);
  const want = numbersOf(floor);
  for (const [index, wanted] of want.entries()) {
    const actual = have[index] ?? 0;
    if (actual !== wanted) return actual > wanted;
  }
  return !version.includes('-') || have.length > want.length;
}

/** @param {string} version */
function numbersOf(version) {
  return (version.split(/[-+]/)[0] ?? '').split('.').map(Number);
}
