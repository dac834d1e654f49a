/** How far a search goes: what may go wrong in one run and how often, and how long a run lasts. */
import { ChoiceClass, choiceClasses, eventIdentity } from '../engine/index.ts';
import type { Bounds, Choices, FaultAction, PendingEvent, World } from '../engine/index.ts';
import { lieAbout, liesAbout, liarsOf } from '../faults/index.ts';
import type { Fault, RequestFault } from '../faults/index.ts';
import { cutsInForce } from '../faults/partition.ts';

/** Budgets of one run. */
export interface Scope {
  /** Events in a run. */
  readonly horizon: number;
  readonly crashes: number;
  /** Messages lost one by one; a message that is never delivered costs nothing. */
  readonly drops: number;
  readonly duplicates: number;
  /** Cuts, one at a time: two sides, or all messages to or from one node. */
  readonly partitions: number;
  /** What byzantine nodes say that is not so; a world without any has none. */
  readonly lies: number;
  /** From this term, ballot or view on, only who leads has timers that fire. */
  readonly maxEpoch: number;
  /** Operations of clients; in a world without clients, requests put into a leader's hands. */
  readonly operations: number;
  /** What else than a `put` is put into a leader's hands; each counts as an operation. */
  readonly requests: readonly RequestFault['command'][];
}

export const defaultScope: Scope = Object.freeze({
  horizon: 100,
  crashes: 3,
  drops: 4,
  duplicates: 3,
  partitions: 2,
  lies: 4,
  maxEpoch: 8,
  operations: 4,
  requests: Object.freeze([]),
});

/** What a byzantine node may do beside lying in a message. */
const SINS = ['amnesia', 'twin'] as const;
type Sin = (typeof SINS)[number];

/** Events of a run for each node beside the first: a broadcast and its answers cost more. */
const HORIZON_PER_PEER = 50;

/**
 * The default scope in a cluster of so many nodes. The same story takes more messages in a larger
 * cluster: with 5 nodes, runs that show Figure 8 are 110 to 180 events long.
 */
export function scopeFor(nodes: number): Scope {
  const horizon = Math.max(defaultScope.horizon, HORIZON_PER_PEER * (Math.min(nodes, 9) - 1));
  return { ...defaultScope, horizon };
}

/** A world that nothing but its schedule troubles. */
export const faultless: Scope = Object.freeze({
  ...defaultScope,
  crashes: 0,
  drops: 0,
  duplicates: 0,
  partitions: 0,
  lies: 0,
});

/** Offers the faults that a scope still allows, and withholds what it does not. */
export class ScopedBounds implements Bounds {
  private readonly scope: Scope;
  private readonly budgets = new Int32Array(choiceClasses);
  private inherited: Int32Array | null = null;
  private hasClients = false;
  private isCut = false;
  private up: number[] = [];
  private down: number[] = [];
  /** Byzantine nodes that are up. */
  private liars: number[] = [];
  private epochs: number[] = [];
  private leads: boolean[] = [];
  private leaders = 0;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  begin(world: World): void {
    const { scope, budgets, inherited } = this;
    budgets.fill(0);
    budgets[ChoiceClass.client] = scope.operations;
    budgets[ChoiceClass.crash] = scope.crashes;
    budgets[ChoiceClass.drop] = scope.drops;
    budgets[ChoiceClass.duplicate] = scope.duplicates;
    budgets[ChoiceClass.partition] = scope.partitions;
    budgets[ChoiceClass.lie] = scope.lies;
    if (inherited !== null) budgets.set(inherited);
    this.inherited = null;
    this.hasClients = world.clients.length > 0;
    this.leaders = 0;
    this.epochs = world.nodes.map(() => 0);
    this.leads = world.nodes.map(() => false);
    this.lookAtAll(world);
  }

  /** What is left of each budget, by class. */
  get left(): Int32Array {
    return this.budgets.slice();
  }

  /** The next run goes on from a copy of a world in which so much was left. */
  goOnWith(left: Int32Array): void {
    this.inherited = left;
  }

  afterEvent(world: World, actor: number): void {
    if (actor < 0) this.lookAtAll(world);
    else if (actor < this.leads.length) this.lookAt(world, actor);
  }

  mayFire(node: number): boolean {
    return this.leads[node] === true || (this.epochs[node] as number) < this.scope.maxEpoch;
  }

  mayInvoke(): boolean {
    return (this.budgets[ChoiceClass.client] as number) > 0;
  }

  count(choiceClass: ChoiceClass, messages: number): number {
    const { budgets, up } = this;
    switch (choiceClass) {
      case ChoiceClass.client:
        if ((budgets[choiceClass] as number) === 0) return 0;
        return this.leaders * (this.hasClients ? this.kinds - 1 : this.kinds);
      case ChoiceClass.restart:
        return this.down.length;
      case ChoiceClass.heal:
        return this.isCut ? 1 : 0;
      case ChoiceClass.crash:
        return (budgets[choiceClass] as number) === 0 ? 0 : up.length;
      case ChoiceClass.drop:
      case ChoiceClass.duplicate:
        return (budgets[choiceClass] as number) === 0 ? 0 : messages;
      case ChoiceClass.partition:
        return this.isCut || (budgets[choiceClass] as number) === 0 ? 0 : cuts(this.leads.length);
      case ChoiceClass.lie:
        if ((budgets[choiceClass] as number) === 0) return 0;
        return messages * liesAbout + this.liars.length * SINS.length;
      default:
        return 0;
    }
  }

  fault(world: World, choiceClass: ChoiceClass, index: number, choices: Choices): FaultAction {
    return this.faultOf(world, choiceClass, index, choices);
  }

  nodeOf(choiceClass: ChoiceClass, index: number, choices: Choices): number {
    switch (choiceClass) {
      case ChoiceClass.restart:
        return this.down[index] as number;
      case ChoiceClass.crash:
        return this.up[index] as number;
      case ChoiceClass.drop:
      case ChoiceClass.duplicate:
        return choices.message(index).actor;
      case ChoiceClass.lie:
        return this.lieAt(index, choices)?.actor ?? this.sinAt(index, choices)[1];
      case ChoiceClass.client:
        return this.leaderAt(this.placeOf(index));
      default:
        return -1;
    }
  }

  taken(choiceClass: ChoiceClass): void {
    if ((this.budgets[choiceClass] as number) > 0) (this.budgets[choiceClass] as number)--;
  }

  private faultOf(world: World, choiceClass: ChoiceClass, index: number, choices: Choices): Fault {
    switch (choiceClass) {
      case ChoiceClass.restart:
        return { kind: 'restart', nodes: [world.nodeIds[this.down[index] as number] as string] };
      case ChoiceClass.crash:
        return { kind: 'crash', nodes: [world.nodeIds[this.up[index] as number] as string] };
      case ChoiceClass.drop:
        return { kind: 'lose', message: nameAt(world, choices, index) };
      case ChoiceClass.duplicate:
        return { kind: 'repeat', message: nameAt(world, choices, index) };
      case ChoiceClass.partition:
        return cutAt(world.nodeIds, index);
      case ChoiceClass.lie: {
        const message = this.lieAt(index, choices);
        if (message !== null) return lieAbout(world, liarsOf(world), message, index % liesAbout);
        const [kind, node] = this.sinAt(index, choices);
        return { kind, nodes: [world.nodeIds[node] as string] };
      }
      case ChoiceClass.client: {
        const node = world.nodeIds[this.leaderAt(this.placeOf(index))] as string;
        return { kind: 'request', node, command: this.commandAt(index) };
      }
      default:
        return { kind: 'heal', what: 'partitions' };
    }
  }

  /** The message that a lie is about; null: it is a sin, behind all lies. */
  private lieAt(index: number, choices: Choices): PendingEvent | null {
    return choices.fromLiars()[Math.floor(index / liesAbout)] ?? null;
  }

  private sinAt(index: number, choices: Choices): readonly [Sin, number] {
    const place = index - choices.fromLiars().length * liesAbout;
    const node = this.liars[Math.floor(place / SINS.length)] as number;
    return [SINS[place % SINS.length] as Sin, node];
  }

  /** A `put`, unless clients do that, and what else there is to ask. */
  private get kinds(): number {
    return 1 + this.scope.requests.length;
  }

  /** Which leader a request goes to: all kinds for the first, then all for the next. */
  private placeOf(index: number): number {
    return Math.floor(index / (this.hasClients ? this.kinds - 1 : this.kinds));
  }

  private commandAt(index: number): RequestFault['command'] {
    const { requests, operations } = this.scope;
    const kind = this.hasClients ? (index % (this.kinds - 1)) + 1 : index % this.kinds;
    const value = operations - (this.budgets[ChoiceClass.client] as number);
    return requests[kind - 1] ?? { type: 'put', key: 'x', value };
  }

  private lookAtAll(world: World): void {
    this.isCut = cutsInForce(world).length > 0;
    this.up = [];
    this.down = [];
    this.liars = [];
    for (const { index, status } of world.nodes) {
      if (status === 'up' && world.isByzantine(index)) this.liars.push(index);
      if (status === 'up') this.up.push(index);
      else if (status === 'down') this.down.push(index);
      this.lookAt(world, index);
    }
  }

  private lookAt(world: World, node: number): void {
    const state = world.nodes[node]?.state ?? null;
    const seen = state === null ? null : world.protocol.observe(state);
    const leads = seen?.leads ?? false;
    this.epochs[node] = seen?.epoch ?? 0;
    if (leads === this.leads[node]) return;
    this.leads[node] = leads;
    this.leaders += leads ? 1 : -1;
  }

  private leaderAt(index: number): number {
    let rest = index;
    let node = this.leads.indexOf(true);
    while (rest-- > 0) node = this.leads.indexOf(true, node + 1);
    return node;
  }
}

function nameAt(world: World, choices: Choices, number: number): string {
  return eventIdentity(world, choices.message(number));
}

/** With more nodes than this, sides are not listed: one node alone, or one way only. */
const LISTED = 8;

/** How many cuts there are: two sides (the last node is on the second), then one way per node. */
function cuts(nodes: number): number {
  if (nodes < 2) return 0;
  return (nodes > LISTED ? nodes : (1 << (nodes - 1)) - 1) + 2 * nodes;
}

function cutAt(nodes: readonly string[], index: number): Fault {
  const sided = cuts(nodes.length) - 2 * nodes.length;
  if (index >= sided) {
    const node = (index - sided) >> 1;
    const one = [nodes[node] as string];
    const others = nodes.filter((_, i) => i !== node);
    const [from, to] = (index - sided) % 2 === 0 ? [one, others] : [others, one];
    return { kind: 'one-way', from, to };
  }
  if (nodes.length > LISTED) return { kind: 'isolate', nodes: [nodes[index] as string] };
  const isFirst = (_: string, i: number) => (((index + 1) >> i) & 1) === 1;
  const sides = [nodes.filter(isFirst), nodes.filter((id, i) => !isFirst(id, i))];
  return { kind: 'partition', sides };
}
