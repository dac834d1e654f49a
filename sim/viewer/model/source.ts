/** What a page is given to show: written into it by the command line, or asked of its server. */
import type { PlayedLesson } from './lesson.ts';

export interface PageTrace {
  /** The file's name without folders. */
  readonly name: string;
  /** Base64 of the gzipped bytes; absent in a page that asks its server. */
  readonly data?: string;
  /** Its checksums were right when it was put into the page. */
  readonly isChecked?: boolean;
  /** Where the server has it. */
  readonly url?: string;
}

export interface PageSource {
  readonly traces: readonly PageTrace[];
  /** The command that runs the first trace again. */
  readonly replay?: string;
  /** Where the server tells of changed files. */
  readonly events?: string;
  readonly lesson?: PlayedLesson;
  /** Other pages, to go back to. */
  readonly index?: string;
}
