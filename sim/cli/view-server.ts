/** Serves the viewer to this machine alone, and tells the page when a trace changes. */
import { createReadStream, statSync, unwatchFile, watchFile } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { pageOf } from '../viewer/html.ts';
import type { PageSource } from '../viewer/model/source.ts';
import { ExitCode, UsageError } from './exit.ts';
import type { Session } from './session.ts';
import type { ViewFlags } from './view.ts';
import { replayCommand } from './view-command.ts';

const HOST = '127.0.0.1';
/** Milliseconds between two looks at the files. */
const LOOK = 500;

/** Serves until it is interrupted. */
export function serve(
  paths: readonly string[],
  flags: ViewFlags,
  session: Session,
): Promise<ExitCode> {
  const listeners = new Set<ServerResponse>();
  const traces = paths.map((path, i) => ({ name: basename(path), url: `trace/${i}` }));
  const source = { traces, events: 'events', replay: replayCommand(paths, session) };
  for (const path of paths) {
    watchFile(path, { interval: LOOK }, ({ mtimeMs }, before) => {
      if (mtimeMs === before.mtimeMs || mtimeMs === 0) return;
      for (const listener of listeners) listener.write('data: changed\n\n');
    });
  }
  return listen(flags, session, (request, response) => {
    answer(request, response, paths, source, listeners);
  }).finally(() => {
    for (const path of paths) unwatchFile(path);
    for (const listener of listeners) listener.end();
  });
}

/** Serves one page and nothing else. */
export function servePage(page: string, flags: ViewFlags, session: Session): Promise<ExitCode> {
  return listen(flags, session, ({ url }, response) => {
    if (url === '/') sendPage(page, response);
    else refuse(response, 404);
  });
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens on loopback until it is interrupted. */
function listen(flags: ViewFlags, { io }: Session, reply: Answer): Promise<ExitCode> {
  const server = createServer((request, response) => {
    // A page of somebody else's must not read traces through a name that leads here.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (host !== HOST && host !== 'localhost') refuse(response, 403);
    else if (request.method !== 'GET') refuse(response, 405);
    else reply(request, response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`cannot serve on ${HOST}:${flags.port ?? 0}: ${why(error)}`));
    });
    server.listen(portOf(flags), HOST, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const url = `http://${HOST}:${port}/`;
      io.print(`${url}\n`);
      io.note('Ctrl-C ends it\n');
      if (flags.open && io.out.isTty && io.env['CI'] === undefined) open(url);
    });
    io.onInterrupt(() => {
      server.close();
      server.closeAllConnections();
      resolve(ExitCode.ok);
    });
  });
}

function answer(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  paths: readonly string[],
  source: PageSource,
  listeners: Set<ServerResponse>,
): void {
  const [path] = url.split('?');
  if (path === '/') return sendPage(pageOf(source), response);
  if (path === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': here\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
    return;
  }
  const number = /^\/trace\/(\d+)$/.exec(path ?? '')?.[1];
  const file = number === undefined ? undefined : paths[Number(number)];
  if (file === undefined) return refuse(response, 404);
  sendFile(file, response);
}

function sendPage(page: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page);
}

/** Streams it: a trace may be larger than what a process likes to hold. */
function sendFile(file: string, response: ServerResponse): void {
  try {
    const { size } = statSync(file);
    const type = 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': size });
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  } catch {
    // It was removed since; the page says what it can.
    refuse(response, 404);
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

function why({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another program serves on that port; leave --port out';
  return code === 'EACCES'
    ? 'permission denied; a port from 1024 on needs none'
    : (code ?? message);
}

function portOf({ port }: ViewFlags): number {
  if (port === undefined) return 0;
  const number = Number(port);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  throw new UsageError(`--port ${port}: expected a number from 0 to 65535`);
}

/** Opens the browser; whether there is one is not our business. */
function open(url: string): void {
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
