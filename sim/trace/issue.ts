/** The words of a schema's complaint. */
import type { z } from 'zod';

/** The first thing that a schema complains of, with the place where it is. */
export function issueText(name: string, { issues }: z.ZodError): string {
  const { path, message } = issues[0] as z.core.$ZodIssue;
  return `${[name, ...path.map(String)].join('.')}: ${message}`;
}
