/**
 * One protocol inside another: groups of an inner protocol (a replicated log) run on the nodes of
 * an outer one, which asks them as a client does. Messages and timers carry the name of their
 * group, what it writes lies in a part of the node's disk. The registry injects the inner one.
 */
import { pick } from '../../sim/engine/clone.ts';
import type {
  AnyMessage,
  AnyProtocol,
  Command,
  Effects,
  LogEvent,
  NodeId,
  Plain,
  RequestId,
  Response,
  Signature,
  WriteToken,
} from '../../sim/engine/protocol.ts';

/** A group of the inner protocol, by its name. */
export interface Group {
  readonly name: string;
  readonly members: readonly NodeId[];
  /** The inner protocol's own. */
  readonly options: unknown;
}

/** A message of the inner protocol. */
export interface Inner {
  readonly type: 'Inner';
  readonly group: string;
  readonly message: AnyMessage;
}

/** A command for a group, to one of its members. `id` names it for ever: `n1.2.7`. */
export interface Ask {
  readonly type: 'Ask';
  readonly group: string;
  readonly id: string;
  readonly command: Command;
}

export interface Answer {
  readonly type: 'Answer';
  readonly id: string;
  readonly response: Response;
}

export type HostMessage = Inner | Ask | Answer;
/** `inner` has group, timer and key of the inner protocol as its key; `ask` asks again. */
export type HostTimer = 'inner' | 'ask';
export type HostEffects = Effects<HostMessage, HostTimer>;

/** A command that has not been answered yet; `tag` is the asker's own note. */
export interface Pending {
  readonly id: string;
  readonly group: string;
  readonly command: Command;
  readonly tag: Plain;
}

/** What the outer state has to contain; `disks` and `life` have to be among its durable fields. */
export interface HostState {
  disks: Record<string, object>;
  /** Grows with every start, so that no name of a question comes twice. */
  life: number;
  groups: Record<string, object>;
  /** Whose write each token is. */
  tokens: { readonly token: WriteToken; readonly group: string }[];
  pending: Pending[];
  asked: number;
  /** Who is believed to lead each group. */
  leaders: Record<string, NodeId>;
  asks: boolean;
}

/** How long a question waits for its answer before it is asked again, in milliseconds. */
export interface HostOptions {
  readonly askAgainMs: number;
}

export class Host {
  private readonly inner: AnyProtocol;
  private readonly options: HostOptions;

  constructor(inner: AnyProtocol, options: HostOptions) {
    this.inner = inner;
    this.options = options;
  }

  start(
    durable: Partial<HostState> | null,
    groups: readonly Group[],
    effects: HostEffects,
  ): HostState {
    const state: HostState = {
      disks: durable?.disks ?? {},
      life: (durable?.life ?? 0) + 1,
      groups: {},
      tokens: [],
      pending: [],
      asked: 0,
      leaders: {},
      asks: false,
    };
    for (const group of groups) {
      const { name, members, options } = group;
      state.leaders[name] = members[0] as NodeId; // A group has members.
      if (!members.includes(effects.self)) continue;
      const disk = durable?.disks?.[name] ?? null;
      const scoped = new Scoped(this.inner, state, group, effects);
      state.groups[name] = this.inner.start(disk, options, scoped);
    }
    return state;
  }

  /** Asks a group; the answer comes as an event (`onAnswer`), once, with the tag. */
  ask(state: HostState, group: Group, command: Command, tag: Plain, effects: HostEffects): void {
    // No name of this life may be heard of before the life itself is on the disk.
    if (state.asked === 0) effects.persist();
    const id = `${effects.self}.${state.life}.${++state.asked}`;
    const pending: Pending = { id, group: group.name, command, tag };
    state.pending.push(pending);
    this.send(state, pending, effects);
    this.keepAsking(state, effects);
  }

  onInner(
    state: HostState,
    from: NodeId,
    { group: name, message }: Inner,
    groups: readonly Group[],
    effects: HostEffects,
  ): void {
    const inside = this.inside(state, name, groups, effects);
    if (inside === null) return;
    this.inner.onMessage[message.type]?.(inside.state, from, message, inside.scoped);
  }

  onInnerTimer(
    state: HostState,
    key: string,
    groups: readonly Group[],
    effects: HostEffects,
  ): void {
    const [name = '', timer = '', ...rest] = key.split('/');
    const inside = this.inside(state, name, groups, effects);
    if (inside === null) return;
    this.inner.onTimer[timer]?.(inside.state, inside.scoped, rest.join('/'));
  }

  onPersisted(
    state: HostState,
    token: WriteToken,
    groups: readonly Group[],
    effects: HostEffects,
  ): void {
    const mine = state.tokens.filter((one) => one.token === token);
    state.tokens = state.tokens.filter((one) => one.token > token);
    for (const { group } of mine) {
      const inside = this.inside(state, group, groups, effects);
      if (inside !== null) this.inner.onPersisted?.(inside.state, token, inside.scoped);
    }
  }

  /** A member takes the command as its own client's. */
  onAsk(
    state: HostState,
    { group: name, id, command }: Ask,
    groups: readonly Group[],
    effects: HostEffects,
  ): void {
    const inside = this.inside(state, name, groups, effects);
    if (inside === null) return;
    const request = { client: id, sequence: 1, command, attempt: 1 };
    this.inner.onRequest(inside.state, request, inside.scoped);
  }

  /** The question that is answered by this; null while it has to be asked elsewhere, or again. */
  onAnswer(
    state: HostState,
    from: NodeId,
    { id, response }: Answer,
    groups: readonly Group[],
    effects: HostEffects,
  ): { readonly tag: Plain; readonly response: Response } | null {
    const pending = state.pending.find((one) => one.id === id);
    if (pending === undefined) return null;
    const { group: name, tag } = pending;
    if (response.type === 'ok' || response.code === 'PERMANENT_FAILURE') {
      state.pending = state.pending.filter((one) => one !== pending);
      if (response.type === 'ok') state.leaders[name] = from;
      return { tag, response };
    }
    if (from !== state.leaders[name]) return null;
    const { hint } = response;
    const group = groups.find((one) => one.name === name);
    if (hint !== undefined && hint !== from) {
      state.leaders[name] = hint;
      this.send(state, pending, effects);
    } else if (group !== undefined) this.turn(state, group);
    return null;
  }

  /** Asks again, each time another member: the one before may be down. */
  onAskTimer(state: HostState, groups: readonly Group[], effects: HostEffects): void {
    state.asks = false;
    const silent = new Set(state.pending.map((one) => one.group));
    for (const group of groups) if (silent.has(group.name)) this.turn(state, group);
    for (const pending of state.pending) this.send(state, pending, effects);
    this.keepAsking(state, effects);
  }

  private turn(state: HostState, { name, members }: Group): void {
    const at = members.indexOf(state.leaders[name] ?? '');
    state.leaders[name] = members[(at + 1) % members.length] as NodeId; // A group has members.
  }

  private send(state: HostState, { id, group, command }: Pending, effects: HostEffects): void {
    effects.send(state.leaders[group] ?? effects.self, { type: 'Ask', group, id, command });
  }

  private keepAsking(state: HostState, effects: HostEffects): void {
    if (state.asks || state.pending.length === 0) return;
    state.asks = true;
    effects.setTimer('ask', this.options.askAgainMs, this.options.askAgainMs);
  }

  private inside(state: HostState, name: string, groups: readonly Group[], effects: HostEffects) {
    const group = groups.find((one) => one.name === name);
    const inner = state.groups[name];
    if (group === undefined || inner === undefined) return null;
    return { state: inner, scoped: new Scoped(this.inner, state, group, effects) };
  }
}

/** What the inner protocol sees of the world: its own group, and nothing else. */
class Scoped implements Effects<AnyMessage, string> {
  private readonly inner: AnyProtocol;
  private readonly host: HostState;
  private readonly group: Group;
  private readonly effects: HostEffects;

  constructor(inner: AnyProtocol, host: HostState, group: Group, effects: HostEffects) {
    this.inner = inner;
    this.host = host;
    this.group = group;
    this.effects = effects;
  }

  get self(): NodeId {
    return this.effects.self;
  }

  get nodes(): readonly NodeId[] {
    return this.group.members;
  }

  now(): number {
    return this.effects.now();
  }

  send(to: NodeId, message: AnyMessage): void {
    this.effects.send(to, { type: 'Inner', group: this.group.name, message });
  }

  setTimer(timer: string, atLeastMs: number, atMostMs: number, key = ''): void {
    this.effects.setTimer('inner', atLeastMs, atMostMs, this.keyOf(timer, key));
  }

  cancelTimer(timer: string, key = ''): void {
    this.effects.cancelTimer('inner', this.keyOf(timer, key));
  }

  /** The group's own fields as they are now; the others' parts of the disk stay as they were. */
  persist(options?: { readonly barrier: boolean }): WriteToken {
    const { name } = this.group;
    const inner = this.host.groups[name];
    if (inner !== undefined) {
      this.host.disks = { ...this.host.disks, [name]: pick(inner, this.inner.durable) };
    }
    const token = this.effects.persist(options);
    this.host.tokens.push({ token, group: name });
    return token;
  }

  /** The client's name begins with the node that asks. */
  respond({ client }: RequestId, response: Response): void {
    const asker = client.slice(0, client.indexOf('.'));
    if (asker !== '') this.effects.send(asker, { type: 'Answer', id: client, response });
  }

  choose(bound: number): number {
    return this.effects.choose(bound);
  }

  sign(payload: Plain): Signature {
    return this.effects.sign(payload);
  }

  verify(signature: Signature, payload: Plain): boolean {
    return this.effects.verify(signature, payload);
  }

  log(event: LogEvent): void {
    this.effects.log(event);
  }

  private keyOf(timer: string, key: string): string {
    return `${this.group.name}/${timer}/${key}`;
  }
}
