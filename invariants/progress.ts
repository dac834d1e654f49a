/** Bounded liveness of protocols with a leader: once faults are over, it decides before long. */
import { finish, mix, mixNumber } from '../sim/engine/hash.ts';
import type { Fact, Finding, Monitor } from '../sim/engine/monitor.ts';
import type { WorldView } from '../sim/engine/view.ts';

/** What a node leads (a term, a ballot; 0: nothing), and how far it is. */
export interface Mark {
  readonly leads: number;
  readonly last: number;
}

/** What a protocol knows of its own progress. */
export interface Progress {
  /** How long the cluster has, in milliseconds. */
  boundMs(world: WorldView): number;
  /** Taken when the time begins. */
  markOf(world: WorldView, node: number): Mark;
  /** Whether a node shows a decision that is newer than its mark. */
  isNew(world: WorldView, node: number, mark: Mark): boolean;
  /** Whether quorums of every configuration in force are up: else nothing is promised. */
  isServed(world: WorldView): boolean;
  /**
   * `stuck`: nobody leads who is followed and owes nothing of old. If somebody does: `idle`, nobody
   * has asked for anything; `busy`, somebody only just has, and has a right to an answer.
   */
  standing(world: WorldView, marks: readonly Mark[]): 'stuck' | 'idle' | 'busy';
  /** What has not happened, as `no leader committed a new entry`. */
  readonly missing: string;
  describe(world: WorldView, node: number): Fact;
}

/** Faults may still come; none is left and the time runs; it has been decided. */
type Phase = 'faulty' | 'watching' | 'over';

/** Presupposes events in the order of virtual time. */
export class ProgressMonitor implements Monitor {
  /** Whether this run, since its last fault, has put the property to the test. */
  judged = false;
  private readonly progress: Progress;
  private phase: Phase = 'faulty';
  private lastFaultAt = -1;
  /** Microseconds. */
  private deadline = 0;
  /** By node, when the time began. Replaced, never changed: forks share them. */
  private marks: readonly Mark[] = [];

  constructor(progress: Progress) {
    this.progress = progress;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    if (world.lastFaultAt !== this.lastFaultAt) {
      this.lastFaultAt = world.lastFaultAt;
      this.phase = 'faulty';
      this.judged = false;
    }
    if (this.phase === 'over') return null;
    if (this.phase === 'faulty' || world.faultsPending > 0) {
      this.begin(world, this.lastFaultAt);
      return null;
    }
    const mark = this.marks[node];
    if (mark !== undefined && this.progress.isNew(world, node, mark)) return this.hold();
    return world.now > this.deadline ? this.judge(world) : null;
  }

  /** A run that ends before its time is up has not judged. */
  atEnd(world: WorldView): Finding | null {
    return this.phase === 'watching' && world.now > this.deadline ? this.judge(world) : null;
  }

  fork(): Monitor {
    const copy = new ProgressMonitor(this.progress);
    copy.judged = this.judged;
    copy.phase = this.phase;
    copy.lastFaultAt = this.lastFaultAt;
    copy.deadline = this.deadline;
    copy.marks = this.marks;
    return copy;
  }

  hash(place = (node: number) => node): number {
    if (this.phase !== 'watching') return 0;
    let sum = mixNumber(1, this.deadline);
    for (const [i, { leads, last }] of this.marks.entries()) {
      sum = (sum + finish(mix(mix(place(i), leads), last))) | 0;
    }
    return sum;
  }

  private begin(world: WorldView, since: number): void {
    this.phase = world.faultsPending > 0 ? 'faulty' : 'watching';
    if (this.phase === 'faulty') return;
    this.deadline = since + this.progress.boundMs(world) * 1000;
    this.marks = world.nodes.map((_, i) => this.progress.markOf(world, i));
  }

  private hold(): null {
    this.phase = 'over';
    this.judged = true;
    return null;
  }

  private judge(world: WorldView): Finding | null {
    if (!this.progress.isServed(world)) {
      this.phase = 'over';
      return null;
    }
    const standing = this.progress.standing(world, this.marks);
    if (standing === 'stuck') return this.stuck(world);
    if (standing === 'idle') return this.hold();
    this.begin(world, world.now);
    return null;
  }

  private stuck(world: WorldView): Finding {
    this.hold();
    const faults =
      this.lastFaultAt === 0
        ? 'from the beginning'
        : `after the last fault, at ${this.lastFaultAt / 1000} ms`;
    const withinMs = (this.deadline - this.lastFaultAt) / 1000;
    return {
      message: `${this.progress.missing} within ${withinMs} ms ${faults}`,
      facts: world.nodes.map((_, i) => this.progress.describe(world, i)),
    };
  }
}
