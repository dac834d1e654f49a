/** What is said of a duration that is none. */
import { expect, test } from 'vitest';
import { durationAdvice, parseDuration } from '../../sim/scenario/duration.ts';

test('a unit that is missing or spelt out is suggested', () => {
  expect(durationAdvice(10)).toMatch(/did you mean 10ms\?$/);
  expect(durationAdvice('3 seconds')).toMatch(/did you mean 3s\?$/);
});

test('what is suggested can be read', () => {
  for (const wrong of [7, '2 min', '1.5sec', '99999999999999999h', '1.23456789s', 12345678901]) {
    const meant = /did you mean (.*)\?$/.exec(durationAdvice(wrong))?.[1];
    if (meant !== undefined) expect(parseDuration(meant)).not.toBeNull();
  }
});
