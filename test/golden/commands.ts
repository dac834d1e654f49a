/** The commands of a conversation, one function each. */
import {
  EventKind,
  findPending,
  eventLabel,
  retransmit,
  signAs,
  type Command,
  type PendingEvent,
  type Plain,
  type Request,
  type World,
} from '../../sim/engine/index.ts';
import {
  createWorld,
  cut,
  forget,
  parseCluster,
  pendingEvents,
  type ClusterPlan,
  type ClusterSettings,
} from './cluster.ts';
import type { Dialect } from './dialect.ts';
import { Narrator } from './narrator.ts';
import { showLog, showLogs, showPending, showState, showTimers, showValues } from './questions.ts';

/** More deliveries than this in one `deliver all` are a conversation that never ends. */
const patience = 2000;

type Handler = (session: Session, words: readonly string[]) => string[];

/** What a conversation may say. */
const handlers: Readonly<Record<string, Handler>> = {
  cluster: (session, words) => session.plan(words),
  deliver: (session, words) => session.deliver(words),
  drop: (session, words) => session.remove(words),
  duplicate: (session, words) => session.duplicate(words),
  timeout: (session, words) => session.fire([...words, session.dialect.timeout]),
  fire: (session, words) => session.fire(words),
  request: (session, words) => session.request(words),
  cut: (session, words) => session.cut(words),
  heal: (session) => session.cut([]),
  crash: (session, words) => session.fault('crash', words),
  restart: (session, words) => session.fault('restart', words),
  sync: (session, words) => session.tell(session.find(`${one(words)} disk`)),
  advance: (session, words) => session.advance(words),
  state: ({ world, dialect }, words) => showState(world, dialect, words),
  log: (session, words) => session.log(words),
  pending: ({ world }) => showPending(world),
  timers: ({ world }) => showTimers(world),
  values: ({ world, dialect }) => showValues(world, dialect),
};

/** One conversation's cluster. */
export class Session {
  private readonly settings: ClusterSettings;
  private readonly narrator: Narrator;
  private readonly initial = new Map<string, object>();
  private readonly sequences = new Map<string, number>();
  private planned: ClusterPlan | null = null;
  private made: World | null = null;

  constructor(settings: ClusterSettings) {
    this.settings = settings;
    this.narrator = new Narrator(settings.dialect);
  }

  get dialect(): Dialect {
    return this.settings.dialect;
  }

  /** The answer to one line, as lines. A last word `quietly` asks for a count instead. */
  perform(line: string): string[] {
    const words = line.split(/\s+/);
    const isQuiet = words[words.length - 1] === 'quietly';
    if (isQuiet) words.pop();
    const [name, ...rest] = words as [string, ...string[]];
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (handler === undefined) {
      throw new Error(`unknown command; there are ${Object.keys(handlers).join(', ')}`);
    }
    const output = handler(this, rest);
    if (!isQuiet) return output;
    const events = output.filter((told) => !told.startsWith(' ')).length;
    const loud = output.filter((told) => told.includes('VIOLATED'));
    return [`(${events} events)`, ...loud];
  }

  /** The world, made when it is first needed: until then its disks may still be filled. */
  get world(): World {
    if (this.planned === null) throw new Error('say first what cluster: `cluster nodes=3`');
    this.made ??= createWorld(this.planned, this.initial, this.settings, this.narrator);
    return this.made;
  }

  plan(words: readonly string[]): string[] {
    if (this.planned !== null) throw new Error('there is a cluster already');
    this.planned = parseCluster(words, this.dialect);
    return [];
  }

  /** Before the first event `log n1 terms=…` fills a disk; else it shows logs. */
  log(words: readonly string[]): string[] {
    const [name, ...rest] = words;
    if (name === undefined) return showLogs(this.world, this.dialect);
    if (rest.length === 0) return showLog(this.world, this.dialect, name);
    if (this.made !== null) throw new Error('the cluster has started: too late to fill its disks');
    this.initial.set(name, this.dialect.parseDisk(rest));
    return [];
  }

  find(name: string): PendingEvent {
    const event = findPending(this.world, name);
    if (event !== null) return event;
    const pending = showPending(this.world);
    const listed = pending.length === 0 ? 'nothing is' : `these are:\n  ${pending.join('\n  ')}`;
    throw new Error(`"${name}" is not pending; ${listed}`);
  }

  tell(event: PendingEvent): string[] {
    const { world } = this;
    if (world.violation !== null) throw new Error('the run has ended with a violation');
    const told = this.narrator.tell(world, event);
    // What clients hear has been told; they have nothing to add.
    forget(world, EventKind.response);
    return told;
  }

  deliver(words: readonly string[]): string[] {
    if (words[0] !== 'all') return this.select(words).flatMap((event) => this.tell(event));
    const output: string[] = [];
    for (let count = 0; this.world.violation === null; count++) {
      const [oldest] = messages(this.world);
      if (oldest === undefined) break;
      if (count === patience) throw new Error(`no end after ${patience} deliveries`);
      output.push(...this.tell(oldest));
    }
    return output;
  }

  remove(words: readonly string[]): string[] {
    return this.select(words).map((event) => {
      const label = eventLabel(this.world, event);
      this.world.schedule.remove(event);
      return `dropped ${label}`;
    });
  }

  duplicate(words: readonly string[]): string[] {
    return this.select(words).map((event) => {
      retransmit(this.world, event, 0);
      return `twice ${eventLabel(this.world, event)}`;
    });
  }

  fire([name, timer, ...rest]: readonly string[]): string[] {
    if (name === undefined || timer === undefined || rest.length > 0) {
      throw new Error('expected a node and one of its timers');
    }
    const event = findPending(this.world, `${name} ${timer}`);
    if (event === null) throw new Error(`${name} has no armed ${timer} timer`);
    return this.tell(event);
  }

  /** `n1 put x 1 client=c2 seq=7`: hands a request to a node at once. */
  request(words: readonly string[]): string[] {
    const { world } = this;
    const named = new Map<string, string>();
    const plain = words.filter((word) => {
      const [, name, value] = /^(client|seq)=(.+)$/.exec(word) ?? [];
      if (name !== undefined && value !== undefined) named.set(name, value);
      return name === undefined;
    });
    const [node, ...rest] = plain;
    const client = named.get('client') ?? 'c1';
    const sequence = Number(named.get('seq') ?? (this.sequences.get(client) ?? 0) + 1);
    this.sequences.set(client, Math.max(sequence, this.sequences.get(client) ?? 0));
    const content = { client, sequence, command: this.command(rest) };
    const signs = world.protocol.signsRequests === true;
    const signed = signs ? { signature: signAs(world, client, content) } : {};
    const request: Request = { ...content, attempt: 1, ...signed };
    const to = actor(world, node);
    const from = actor(world, client);
    return this.tell(
      world.schedule.add(EventKind.request, world.now, to, from, request, '', '', -1),
    );
  }

  /** A command of the store by its order of words; one of the protocol's own by named fields. */
  private command([type = '', ...values]: readonly string[]): Command {
    if (!this.settings.dialect.commands.includes(type)) return parseCommand([type, ...values]);
    const fields = values.map((word): [string, Plain] => {
      const [name, value] = word.split('=') as [string, string];
      return [name, /^-?\d+$/.test(value) ? +value : value];
    });
    return { type, ...Object.fromEntries(fields) };
  }

  fault(kind: 'crash' | 'restart', words: readonly string[]): string[] {
    const { world } = this;
    const node = one(words);
    const { status } = world.nodes[actor(world, node)] as { readonly status: string };
    if ((status === 'down') === (kind === 'crash')) throw new Error(`${node} is ${status}`);
    return this.tell(world.scheduleFault(world.now, { kind, node }));
  }

  cut(words: readonly string[]): string[] {
    const { world } = this;
    cut(
      world,
      words.map((name) => actor(world, name)),
    );
    return [];
  }

  advance(words: readonly string[]): string[] {
    const [, ms] = /^(\d+)ms$/.exec(one(words)) ?? [];
    if (ms === undefined) throw new Error('expected a time such as 500ms');
    this.world.now += Number(ms) * 1000;
    return [];
  }

  /** The messages that words mean: `all`, `n2`, `<-n1`, `n2<-n1`, or the oldest of one label. */
  private select(words: readonly string[]): PendingEvent[] {
    const [where = '', ...rest] = words;
    if (rest.length > 0) return [this.find(words.join(' '))];
    const [, to, from] = /^(?:all|(n\d+)?(?:<-(n\d+))?)$/.exec(where) ?? [undefined, where, where];
    const receiver = to === undefined ? null : actor(this.world, to);
    const sender = from === undefined ? null : actor(this.world, from);
    const chosen = messages(this.world).filter(
      (event) =>
        (receiver === null || event.actor === receiver) &&
        (sender === null || event.from === sender),
    );
    if (chosen.length === 0) throw new Error(`no message is pending for "${where}"`);
    return chosen;
  }
}

function messages(world: World): PendingEvent[] {
  return pendingEvents(world).filter(({ kind }) => kind === EventKind.message);
}

function actor(world: World, name = ''): number {
  const index = world.actorIndex.get(name);
  if (index === undefined) throw new Error(`there is no ${name === '' ? 'node' : name} here`);
  return index;
}

function one(words: readonly string[]): string {
  const [word] = words;
  if (word === undefined || words.length > 1) throw new Error('expected exactly one word');
  return word;
}

/** The fields of each command, in the order in which a conversation gives them. */
const commandFields: Readonly<Record<string, readonly string[]>> = {
  get: ['key'],
  put: ['key', 'value'],
  append: ['key', 'value'],
  cas: ['key', 'from', 'to'],
  delete: ['key'],
};

function parseCommand([type = '', ...values]: readonly string[]): Command {
  const fields = commandFields[type];
  if (fields === undefined || values.length !== fields.length) {
    const known = Object.entries(commandFields).map(([name, of]) => `${name} ${of.join(' ')}`);
    throw new Error(`expected one of ${known.join(', ')}`);
  }
  const given = fields.map((field, i): [string, Plain] => {
    const value = values[i] as string;
    return [field, field === 'key' || type === 'append' || !/^\d+$/.test(value) ? value : +value];
  });
  return { type, ...Object.fromEntries(given) };
}
