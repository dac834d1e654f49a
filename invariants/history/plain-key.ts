/** Texts that are equal exactly for equal plain data: keys of states and of operations. */

/** A key for plain data (objects, arrays, primitives); null for anything else (a Map, a class). */
export function plainKey(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return `${value.length}"${value}`;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : objectKey(value);
    default:
      return null;
  }
}

function objectKey(value: object): string | null {
  let key = '';
  if (Array.isArray(value)) {
    for (const member of value) {
      const text = plainKey(member);
      if (text === null) return null;
      key += `${text},`;
    }
    return `[${key}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const names = Object.keys(value);
  if (!isSorted(names)) names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (const name of names) {
    const text = plainKey((value as Record<string, unknown>)[name]);
    if (text === null) return null;
    key += `${name.length}:${name}=${text},`;
  }
  return `{${key}}`;
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i += 1) {
    if ((names[i - 1] ?? '') > (names[i] ?? '')) return false;
  }
  return true;
}
