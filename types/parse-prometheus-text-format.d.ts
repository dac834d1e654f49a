/** Types of the parser that the tests of metrics use; the package has none. */

declare module 'parse-prometheus-text-format' {
  export interface ParsedFamily {
    name: string;
    help: string;
    type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM' | 'SUMMARY' | 'UNTYPED';
    metrics: { labels?: Record<string, string>; value?: string }[];
  }

  /** Throws on text that is not in the format. */
  export default function parse(text: string): ParsedFamily[];
}
