/** The table of history formats: guesses which one a text is in, and reads it. */
import { readEtcdLog } from './etcd-log.ts';
import { readEdn, readJepsenJson } from './jepsen.ts';
import { readJsonLines } from './json-lines.ts';
import type { FormatName, ReadHistory } from './problem.ts';

type Reader = (text: string, model?: string) => ReadHistory;

export const formats: Readonly<Record<FormatName, Reader>> = {
  'etcd-log': readEtcdLog,
  edn: readEdn,
  'jepsen-json': readJepsenJson,
  'json-lines': readJsonLines,
};

/** The format of a text by its first lines; null when nothing fits. */
export function guessFormat(text: string): FormatName | null {
  const start = text
    .slice(0, 4000)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/jepsen\.util - /.test(start) && !start.startsWith('{')) return 'etcd-log';
  if (/^(\[\s*)?\{\s*"/.test(start)) {
    return /"invokedAt"\s*:/.test(start) ? 'json-lines' : 'jepsen-json';
  }
  return /^(;|#\S|\[|\(|\{\s*[:}])/.test(start) ? 'edn' : null;
}

/** Reads a history; `format` and `model` overrule what the text suggests. Never throws. */
export function readHistory(text: string, format?: FormatName, model?: string): ReadHistory {
  const found = format ?? guessFormat(text);
  if (found !== null) return formats[found](text, model);
  const known = Object.keys(formats).join(', ');
  const message = `the format cannot be guessed: expected a history, or one of --format ${known}`;
  return { format: 'edn', history: [], model: null, problems: [{ line: 1, message }] };
}
