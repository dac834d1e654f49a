/** Tests that CI counts every failure, also of what never became a test. */
import { expect, test } from 'vitest';
import { summarize } from '../../scripts/ci-counts.mjs';

const file = (name: string, status: string, ...tests: string[]) => ({
  name,
  status,
  assertionResults: tests.map((result, index) => ({
    status: result,
    fullName: `${name} ${index}`,
  })),
});

test('steps and tests are added up', () => {
  const report = { success: true, testResults: [file('a', 'passed', 'passed', 'passed')] };
  expect(summarize('passed types\npassed lint\n', report)).toEqual({
    passed: 4,
    failures: [],
    skipped: 0,
  });
});

test('failed steps and failed tests are named, skipped tests are counted apart', () => {
  const testResults = [file('a', 'failed', 'failed', 'passed', 'skipped', 'pending')];
  expect(summarize('failed lint\npassed types\n', { success: false, testResults })).toEqual({
    passed: 2,
    failures: ['step lint', 'test a 0'],
    skipped: 2,
  });
});

test('a test file that does not load is a failure', () => {
  const testResults = [file('a', 'failed'), file('b', 'passed', 'passed')];
  expect(summarize('', { success: false, testResults }).failures).toEqual(['test file a']);
});

test('no report, and an error outside of all tests, are failures', () => {
  expect(summarize('', null).failures).toHaveLength(1);
  expect(summarize('', { success: false, testResults: [] }).failures).toHaveLength(1);
});
