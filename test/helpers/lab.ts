/**
 * A cluster as the tests of MIT 6.5840 see it: servers are connected or not, crash and restart;
 * commands are given to whoever leads. Time is virtual, and every invariant of Raft watches but
 * bounded liveness: servers are disconnected without an end in sight, and `agree` has its bound.
 */
import { figure3, internal } from '../../invariants/raft/index.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { EventKind, run, type NetworkConfig, type World } from '../../sim/engine/index.ts';
import type { Fault } from '../../sim/faults/index.ts';
import { raftWorld } from './raft-world.ts';

export interface LabPlan {
  readonly seed: string;
  readonly nodes: number;
  readonly options?: Partial<RaftOptions>;
  readonly network?: Partial<NetworkConfig>;
}

/** As the course's unreliable network: a tenth of the messages is lost, the others are late. */
export const unreliable: Partial<NetworkConfig> = { lossPpm: 100_000, latencyUs: 13_000 };

export class Lab {
  readonly world: World;
  /** Messages delivered between servers, and their length as JSON. */
  messages = 0;
  bytes = 0;
  private readonly cut = new Set<number>();
  private value = 0;

  constructor({ seed, nodes, options = {}, network = {} }: LabPlan) {
    const observer = {
      beforeEvent: (event: { readonly kind: EventKind; readonly payload: unknown }) => {
        if (event.kind !== EventKind.message) return;
        this.messages++;
        this.bytes += JSON.stringify(event.payload).length;
      },
      afterEvent() {},
    };
    this.world = raftWorld({
      seed,
      nodes,
      options,
      network: { latencyUs: 2_000, ...network },
      observer,
      invariants: [...figure3, ...internal],
    });
  }

  /** Lets time pass; throws when an invariant is violated. */
  pass(ms: number): void {
    run(this.world, { untilUs: this.world.now + ms * 1000, maxEvents: 2_000_000 });
    const { violation } = this.world;
    if (violation !== null) throw new Error(`${violation.invariant}: ${violation.message}`);
  }

  fault(fault: Fault): void {
    this.world.perform(this.world.scheduleFault(this.world.now, fault));
  }

  disconnect(...servers: readonly number[]): void {
    for (const server of servers) this.cut.add(server);
    this.fault({ kind: 'isolate', nodes: servers.map((server) => this.nameOf(server)) });
  }

  connect(...servers: readonly number[]): void {
    for (const server of servers) this.cut.delete(server);
    this.fault({ kind: 'heal', what: 'partitions' });
    for (const server of this.cut) this.fault({ kind: 'isolate', nodes: [this.nameOf(server)] });
  }

  crash(...servers: readonly number[]): void {
    for (const server of servers) this.fault({ kind: 'crash', nodes: [this.nameOf(server)] });
  }

  restart(...servers: readonly number[]): void {
    for (const server of servers) this.fault({ kind: 'restart', nodes: [this.nameOf(server)] });
  }

  /** Null while it is down. */
  state(server: number): RaftState | null {
    return this.world.nodes[server]?.state as RaftState | null;
  }

  get all(): readonly number[] {
    return this.world.nodes.map(({ index }) => index);
  }

  get others(): (server: number) => number[] {
    return (server) => this.all.filter((other) => other !== server);
  }

  /** The connected server that leads the highest term; null: none does. */
  get leading(): number | null {
    const leaders = this.all.filter(
      (server) => !this.cut.has(server) && this.state(server)?.role === 'leader',
    );
    const termOf = (server: number) => this.state(server)?.currentTerm ?? 0;
    return leaders.toSorted((a, b) => termOf(b) - termOf(a))[0] ?? null;
  }

  /** checkOneLeader: waits, for five seconds at most, until a connected server leads. */
  leader(): number {
    for (let waited = 0; waited < 5_000; waited += 20) {
      const { leading } = this;
      if (leading !== null) return leading;
      this.pass(20);
    }
    throw new Error('nobody leads');
  }

  /** Start: hands a command to a server; the index that it got, or 0 if the server refused. */
  start(server: number, value: string | number = ++this.value): number {
    const before = this.state(server)?.log.lastIndex ?? 0;
    const command = { type: 'put', key: 'x', value };
    this.fault({ kind: 'request', node: this.nameOf(server), command });
    this.pass(0);
    const after = this.state(server);
    return after?.role === 'leader' && after.log.lastIndex > before ? after.log.lastIndex : 0;
  }

  /** nCommitted: how many servers have applied that far. */
  applied(index: number): number {
    return this.all.filter((server) => (this.state(server)?.lastApplied ?? 0) >= index).length;
  }

  /**
   * one: gives a command to whoever leads, again and again for ten seconds, until so many servers
   * have applied it. Returns its index.
   */
  agree(servers: number, value: string | number = ++this.value): number {
    for (let tries = 0; tries < 10; tries++) {
      const leader = this.leader();
      const index = this.start(leader, value);
      const term = this.state(leader)?.currentTerm;
      const patience = index > 0 ? 1_000 : 0;
      for (let waited = 0; waited < patience; waited += 20) {
        if (this.applied(index) >= servers && this.holds(index, term)) return index;
        this.pass(20);
      }
      this.pass(20);
    }
    throw new Error(`${servers} servers do not agree`);
  }

  /** Whether the entry at the index is the one of that term, or has been compacted since. */
  private holds(index: number, term: number | undefined): boolean {
    return this.all.some((server) => {
      const log = this.state(server)?.log;
      return log !== undefined && (log.termAt(index) === term || index < log.baseIndex);
    });
  }

  nameOf(server: number): string {
    return this.world.nodeIds[server] as string;
  }
}
