/** Lessons on the command line: the list of them, one of them written or served as a page. */
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../registry/version.ts';
import { hint } from '../scenario/index.ts';
import { lessonsIn, play } from '../viewer/lessons.ts';
import { lessonPage } from '../viewer/site.ts';
import { ExitCode, UsageError } from './exit.ts';
import { writeText } from './files.ts';
import type { Session } from './session.ts';
import { requirePage } from './view-command.ts';
import type { ViewFlags } from './view.ts';

/** The lessons that come with Schism; with an id one of them. */
export async function lessonCommand(flags: ViewFlags, session: Session): Promise<ExitCode> {
  const { io, call, paint } = session;
  const all = await lessonsIn(fileURLToPath(new URL('scenarios', packageRoot())));
  const wanted = flags.lessons;
  if (typeof wanted !== 'string') {
    const width = Math.max(...all.map(({ id }) => id.length));
    for (const { id, lesson } of all) {
      io.print(`${id.padEnd(width)}  ${lesson.level.padEnd(5)}  ${paint.bold(lesson.title)}\n`);
    }
    io.print(`\n${all.length} lessons; play one: ${call} view --lessons ${all[0]?.id ?? ''}\n`);
    return ExitCode.ok;
  }
  const entry = all.find(({ id }) => id === wanted || id.endsWith(`/${wanted}`));
  if (entry === undefined) {
    const ids = all.map(({ id }) => id);
    // The folder may be left out in a slip of the pen, too.
    const known = wanted.includes('/') ? ids : ids.map((id) => id.slice(id.lastIndexOf('/') + 1));
    throw new UsageError(`there is no lesson "${wanted}"${hint(wanted, known, 'lessons are')}`);
  }
  requirePage();
  const page = lessonPage(await play(entry));
  if (flags.html === undefined) {
    const { servePage } = await import('./view-server.ts');
    return servePage(page, flags, session);
  }
  writeText(flags.html, page);
  io.print(`${flags.html}\n`);
  return ExitCode.ok;
}
