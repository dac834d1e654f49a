// Counts the steps and tests of a CI run; apart from the script, so that a test can reach it.

/**
 * What vitest's JSON reporter writes, as far as it matters here.
 * @typedef {{ status: string, fullName: string }} TestResult
 * @typedef {{ name: string, status: string, assertionResults: TestResult[] }} FileResult
 * @typedef {{ success: boolean, testResults: FileResult[] }} Report
 * @typedef {{ passed: number, failures: string[], skipped: number }} Summary
 */

/**
 * Steps and tests together. A test file that could not even be loaded is one failure, and so is a
 * missing report (vitest died) or a failure of vitest outside of all tests.
 * @param {string} steps one line each: `passed types` or `failed lint`
 * @param {Report | null} report
 * @returns {Summary}
 */
export function summarize(steps, report) {
  const lines = steps.split('\n').filter((line) => line !== '');
  const tests = report?.testResults.flatMap((file) => file.assertionResults) ?? [];
  const count = (/** @type {string} */ status) =>
    tests.filter((result) => result.status === status).length;
  const failures = lines
    .filter((line) => line.startsWith('failed '))
    .map((line) => `step ${line.slice('failed '.length)}`)
    .concat(report === null ? ['the tests left no report'] : testFailures(report));
  return {
    passed: lines.filter((line) => line.startsWith('passed ')).length + count('passed'),
    failures,
    skipped: tests.length - count('passed') - count('failed'),
  };
}

/** @param {Report} report */
function testFailures(report) {
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length > 0) return failed.map(({ fullName }) => `test ${fullName}`);
    return file.status === 'failed' ? [`test file ${file.name}`] : [];
  });
  if (failures.length === 0 && !report.success) return ['an error outside of all tests'];
  return failures;
}
