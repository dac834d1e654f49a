/** The checkers against brute force; `npm run soak -- checkers` does the same for much longer. */
import { expect, test } from 'vitest';
import { differentials } from './differential.ts';

// Seeds 0 … cases-1.
const cases = 5000;

for (const [name, run] of Object.entries(differentials)) {
  test(`${name} agrees with brute force on ${cases} histories, both verdicts among them`, () => {
    let valid = 0;
    for (let seed = 0; seed < cases; seed += 1) if (run(seed)) valid += 1;
    expect(valid).toBeGreaterThan(cases / 20);
    expect(valid).toBeLessThan(cases - cases / 20);
  });
}
