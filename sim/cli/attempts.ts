/** All mistakes at once: what fails is noted, and the reading goes on. */
import { UsageError } from './exit.ts';

/** Reads something; null when it is wrong: then `problems` says why. */
export function attempts(problems: string[]): <T>(read: () => T) => T | null {
  return (read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error.message);
      return null;
    }
  };
}
