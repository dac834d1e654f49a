/** The search for a sequentially consistent order: only the order within each client binds. */
import type { History } from '../../../sim/history/operation.ts';
import { at, item } from '../arrays.ts';
import { Memo } from '../linearizable/memo.ts';
import type { Partition } from '../linearizable/partition.ts';
import { impossible } from '../linearizable/transitions.ts';

/** Crashed operations of one client and one effect, in the order of their invocation. */
interface CrashGroup {
  readonly client: number;
  readonly members: readonly number[];
  /** How many operations of the client were completed before each. */
  readonly after: readonly number[];
}

/**
 * A depth-first search over how far each client has come, with a memo of (positions, state) and
 * the reductions R1–R5. Exponential in the number of clients at worst.
 */
export class SequentialSearch {
  configurations = 0;
  private readonly partition: Partition;
  private readonly memo: Memo;
  private readonly queues: readonly (readonly number[])[];
  private readonly clientOf: Int32Array;
  private readonly groups: readonly CrashGroup[];
  private readonly groupOf: Int32Array;
  private readonly positions: Int32Array;
  private readonly usedUp: Int32Array;
  private readonly key: Int32Array;
  private readonly trail: number[] = [];
  private left: number;
  /** Per frame: the state, the trail on entry, the last candidate tried. */
  private readonly frames: { state: number; trailStart: number; tried: number }[] = [];

  constructor(history: History, partition: Partition) {
    this.partition = partition;
    const count = partition.completedCount;
    this.left = count;
    const clients = new Map<string, number>();
    const queues: number[][] = [];
    this.clientOf = Int32Array.from(partition.positions, (index) => {
      const { client } = item(history, index);
      const known = clients.get(client);
      if (known !== undefined) return known;
      queues.push([]);
      clients.set(client, queues.length - 1);
      return queues.length - 1;
    });
    for (let operation = 0; operation < count; operation += 1) {
      queues[at(this.clientOf, operation)]?.push(operation);
    }
    this.queues = queues;
    this.groupOf = new Int32Array(partition.positions.length).fill(-1);
    this.groups = this.groupCrashed(history);
    this.memo = new Memo(this.groups.length);
    this.positions = new Int32Array(queues.length);
    this.usedUp = new Int32Array(this.groups.length);
    this.key = new Int32Array(queues.length + 1);
  }

  /** Whether some order explains the history; null when `limit` configurations did not tell. */
  run(limit: number): boolean | null {
    const { foresight, transitions } = this.partition;
    const initial = transitions.states[0];
    if (foresight?.isDead(initial, initial, -1)) return false;
    this.enter(0);
    while (this.frames.length > 0) {
      if (this.left === 0) return true;
      if (this.configurations > limit) return null;
      if (!this.advance()) this.leave();
    }
    return false;
  }

  private groupCrashed(history: History): CrashGroup[] {
    const { partition } = this;
    const groups = new Map<string, { client: number; members: number[]; after: number[] }>();
    for (const operation of partition.crashed.flatMap((list) => Array.from(list))) {
      const client = at(this.clientOf, operation);
      const key = `${client} ${at(partition.classOf, operation)}`;
      const group = groups.get(key) ?? { client, members: [], after: [] };
      groups.set(key, group);
      const index = item(partition.positions, operation);
      const isBefore = (other: number): boolean => {
        const position = item(partition.positions, other);
        const lead = item(history, index).invokedAt - item(history, position).invokedAt;
        return lead > 0 || (lead === 0 && position < index);
      };
      group.members.push(operation);
      group.after.push(item(this.queues, client).filter(isBefore).length);
    }
    const list = [...groups.values()];
    for (const [index, { members }] of list.entries()) {
      for (const operation of members) this.groupOf[operation] = index;
    }
    return list;
  }

  /** Opens a configuration; gives it up at once when the memo knows it. */
  private enter(state: number): void {
    const trailStart = this.trail.length;
    this.takePure(state);
    this.frames.push({ state, trailStart, tried: -1 });
    if (this.left === 0) return;
    this.key.set(this.positions);
    this.key[this.key.length - 1] = state;
    if (this.memo.add(this.key, this.key.length, this.usedUp)) this.configurations += 1;
    else this.leave();
  }

  /** R2, to a fixed point: one client's read may uncover the next. */
  private takePure(state: number): void {
    const { pure, transitions, classOf } = this.partition;
    for (let again = true; again;) {
      again = false;
      for (const [client, queue] of this.queues.entries()) {
        for (;;) {
          const operation = queue[at(this.positions, client)];
          if (operation === undefined || pure[operation] !== 1) break;
          if (transitions.next(state, at(classOf, operation)) === impossible) break;
          this.take(operation);
          again = true;
        }
      }
    }
  }

  /** Tries the next candidate: completed operations by invocation, then crashed ones. */
  private advance(): boolean {
    const frame = item(this.frames, this.frames.length - 1);
    for (;;) {
      const operation = this.candidateAfter(frame.tried);
      if (operation < 0) return false;
      frame.tried = operation;
      const { transitions, classOf, foresight, completedCount } = this.partition;
      const after = transitions.next(frame.state, at(classOf, operation));
      if (after === impossible) continue;
      if (operation >= completedCount && after === frame.state) continue;
      const { states } = transitions;
      if (foresight?.isDead(states[frame.state], states[after], operation)) continue;
      this.take(operation);
      this.enter(after);
      return true;
    }
  }

  /** The smallest operation above `tried` that may come next, or -1. */
  private candidateAfter(tried: number): number {
    let best = -1;
    const consider = (operation: number | undefined): void => {
      if (operation === undefined || operation <= tried) return;
      if (best < 0 || operation < best) best = operation;
    };
    for (const [client, queue] of this.queues.entries()) {
      const operation = queue[at(this.positions, client)];
      if (operation !== undefined && this.partition.pure[operation] !== 1) consider(operation);
    }
    for (const [index, group] of this.groups.entries()) {
      const used = at(this.usedUp, index);
      if ((group.after[used] ?? Infinity) <= at(this.positions, group.client)) {
        consider(group.members[used]);
      }
    }
    return best;
  }

  private leave(): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    while (this.trail.length > frame.trailStart) this.undo();
    if (this.frames.length > 0) this.undo();
  }

  private take(operation: number): void {
    this.trail.push(operation);
    this.partition.foresight?.take(operation);
    this.move(operation, 1);
  }

  private undo(): void {
    const operation = this.trail.pop();
    if (operation === undefined) return;
    this.partition.foresight?.undo(operation);
    this.move(operation, -1);
  }

  private move(operation: number, step: 1 | -1): void {
    if (operation < this.partition.completedCount) {
      const client = at(this.clientOf, operation);
      this.positions[client] = at(this.positions, client) + step;
      this.left -= step;
    } else {
      const group = at(this.groupOf, operation);
      this.usedUp[group] = at(this.usedUp, group) + step;
    }
  }
}
