/** Values out of a file, shown in a message: short, in one line, without control characters. */

/** A value in a few characters. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${shorten(printable(value))}"`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') {
    const key = loneKey(value);
    return key === null ? 'a mapping' : `{${shorten(printable(key))}}`;
  }
  return `${value as number | boolean | bigint}`;
}

/** The key of `{ key: null }`, which is what YAML makes of an unquoted {key}. */
export function loneKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const [first, second] = Object.entries(value);
  return first !== undefined && second === undefined && first[1] === null ? first[0] : null;
}

/** Control characters, which would move a terminal's cursor, as dots; tabs as spaces. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·');
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
