/**
 * @typedef {{ passed: number, failed: number }} Tally
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numFailedTestSuites: number }} VitestReport
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number },
 *   errors?: unknown[] }} PlaywrightReport
 */

/** @param {readonly Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  return tallies.reduce(
    (all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }),
    {
      passed: 0,
      failed: 0,
    },
  );
}

/** @param {Tally} tally */
export function lastLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** A skipped test proves nothing, so it counts as failed. @param {VitestReport} report @returns {Tally} */
export function countVitest(report) {
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + skipped };
}

/** A test that passes only when tried again counts as failed too. @param {PlaywrightReport} report @returns {Tally} */
export function countPlaywright({ stats, errors = [] }) {
  const { expected, unexpected, flaky, skipped } = stats;
  return { passed: expected, failed: unexpected + flaky + skipped + errors.length };
}

/**
 * What a stage is worth: never "0 failed" when it broke or when it ran nothing.
 * @param {Tally | null} counted null when the stage left no report
 * @param {number} exitCode
 * @returns {Tally}
 */
export function judgeStage(counted, exitCode) {
  const { passed, failed } = counted ?? { passed: 0, failed: 0 };
  const broken = exitCode !== 0 || passed + failed === 0;
  return { passed, failed: broken && failed === 0 ? 1 : failed };
}
