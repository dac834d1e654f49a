/** Small words of the story: counts, lists, times. */

/** `1 entry`, `3 entries`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `n1`, `n1 and n2`, `n1, n2 and n3`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The first few of them, and how many more there are. */
export function some(words: readonly string[], most = 3): string {
  if (words.length <= most) return list(words);
  return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
}

/** Ascending numbers with their runs drawn together: `3–5, 8`. */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** `entry 3`, `entries 3–5`. */
export function span(from: number, to: number): string {
  return from === to ? `entry ${from}` : `entries ${from}–${to}`;
}

/** `is` or `are`, `has` or `have`: whichever fits so many. */
export function verb(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}

export function capital(text: string): string {
  // Names of nodes stay as they are.
  return /^[a-z]+\d/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Microseconds as `118 ms`, or `0.25 ms` below one. */
export function ms(us: number): string {
  return us !== 0 && Math.abs(us) < 1000 ? `${us / 1000} ms` : `${Math.round(us / 1000)} ms`;
}

/** What a protocol calls the thing that grows when leadership may change. */
export function epochWord(protocol: string): string {
  const words: Readonly<Record<string, string>> = {
    raft: 'term',
    'multi-paxos': 'ballot',
    pbft: 'view',
  };
  return words[protocol] ?? 'epoch';
}
