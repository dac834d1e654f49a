/** The site of all lessons: pages that any web server can serve, or that are opened from a disk. */
import { embedded, pageOf } from './html.ts';
import type { Played } from './lessons.ts';

export interface SiteFile {
  /** From the site's folder. */
  readonly path: string;
  readonly text: string;
}

/** The page of one lesson; `index`: where its list is, if there is one. */
export function lessonPage({ entry, lesson, bytes }: Played, index?: string): string {
  const name = `${entry.id.replaceAll('/', '-')}.msgpack`;
  const traces = [embedded(name, bytes)];
  return pageOf({ traces, lesson, ...(index === undefined ? {} : { index }) });
}

/** An index, and a page for each lesson. */
export function siteOf(all: readonly Played[]): SiteFile[] {
  const pages = all.map((played) => ({
    path: pathOf(played),
    text: lessonPage(played, 'index.html'),
  }));
  return [{ path: 'index.html', text: indexPage(all) }, ...pages];
}

function pathOf({ entry }: Played): string {
  return `${entry.id.replaceAll('/', '-')}.html`;
}

const LEVELS = {
  intro: ['First steps', 'No knowledge needed but that messages take time and machines fail.'],
  core: ['How protocols break', 'One rule is left out each time, and you see what it was for.'],
  deep: ['For those who build one', 'Errors that were found years after the paper.'],
} as const;

function indexPage(all: readonly Played[]): string {
  const sections = (['intro', 'core', 'deep'] as const).map((level) => {
    const [title, text] = LEVELS[level];
    const cards = all.filter(({ lesson }) => lesson.level === level).map(card);
    const list = `<ul>\n${cards.join('\n')}\n</ul>`;
    return cards.length === 0 ? '' : `<h2>${title}</h2>\n<p>${text}</p>\n${list}`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Schism: ${all.length} lessons on distributed protocols</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Watch protocols break</h1>
<p class="lead">${all.length} short runs of distributed protocols, each with a question, a surprise,
and something to change. You guess first; then you step through every message and see the state
of every machine; then you drop a message yourself, and watch another outcome. Everything happens
in this page: no account, no server.</p>
</header>
${sections.join('\n')}
<footer>
<p>Made with Schism, a deterministic simulator: the same seed is the same run, everywhere.</p>
</footer>
</main>
</body>
</html>
`;
}

function card(played: Played): string {
  const { entry, lesson, events, violated } = played;
  const minutes = lesson.minutes === null ? '' : ` · ${lesson.minutes} min`;
  const outcome =
    violated === null
      ? '<span class="holds">✓ it holds</span>'
      : `<span class="breaks">✗ ${escape(violated)}</span>`;
  return `<li><a href="${pathOf(played)}">
<h3>${escape(lesson.title)}</h3>
<p>${escape(lesson.question ?? entry.name)}</p>
<p class="facts">${escape(entry.protocol)} · ${events} events${minutes}<br>${outcome}</p>
</a></li>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --ink: light-dark(#1b1f26, #e8eaee); --paper: light-dark(#fff, #15181d);
  --panel: light-dark(#f5f6f8, #1d2128); --quiet: light-dark(#555d6b, #a6afbd);
  --accent: light-dark(#005a9c, #7cc4ff); --bad: light-dark(#b3261e, #ff8f85);
  --good: light-dark(#00664a, #5fd3a8); --line: light-dark(#c3c9d3, #434b58); }
body { margin: 0; color: var(--ink); background: var(--paper); }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 2.2rem; margin: 0; } h2 { margin: 2.5rem 0 0; } h3 { margin: 0 0 .3rem; }
.lead { max-width: 44rem; font-size: 1.1rem; }
ul { list-style: none; padding: 0; display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
li a { display: flex; flex-direction: column; height: 100%; box-sizing: border-box; padding: 1rem;
  color: inherit; text-decoration: none; background: var(--panel); border: 1px solid var(--line);
  border-left: 6px solid var(--accent); border-radius: 6px; }
li a:hover h3, li a:focus h3 { text-decoration: underline; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
li p { margin: .2rem 0; } .facts { margin-top: auto; padding-top: .6rem; color: var(--quiet);
  font-size: .9rem; } .breaks { color: var(--bad); } .holds { color: var(--good); }
footer { margin-top: 3rem; color: var(--quiet); }
`;
