/** Changes to the text of a scenario that leave the rest of it, and its comments, as they are. */
import { parseDocument } from 'yaml';

/** A value at a path of keys; undefined: nothing is there any more. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The text must be that of a scenario that has passed its checks. */
export function editScenario(text: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 100 });
}
