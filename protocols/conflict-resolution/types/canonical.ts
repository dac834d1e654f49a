/** Plain data as text: equal data in equal texts, whatever the order of its fields. */
import type { Plain } from '../../../sim/engine/protocol.ts';
import { byName } from '../vectors.ts';

export function canonicalText(value: Plain | undefined): string {
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join()}]`;
  const fields = Object.entries(value).toSorted(byName);
  const texts = fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`);
  return `{${texts.join()}}`;
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
