/**
 * A node's disk: what each persist() wrote waits, in order, for the next sync; one sync covers all
 * that was written before it began (group commit). A crash loses what was not synced.
 */
import { clone, isForkable } from './clone.ts';
import type { Payload } from './event.ts';

export interface DiskConfig {
  /** How long a sync takes, in microseconds; 0: every write is durable at once. */
  readonly syncUs: number;
}

export const defaultDisk: DiskConfig = { syncUs: 500 };

/** Something that leaves the node only after the write before it is durable. */
export interface Outgoing {
  readonly kind: 0 | 2;
  readonly to: number;
  readonly payload: Payload;
}

export interface Write {
  readonly token: number;
  readonly fields: object;
  readonly barrier: boolean;
  /** What waits for this write, if anything. */
  outbox: Outgoing[] | null;
}

/** What is wrong with a disk at the moment. Plain data. */
export interface DiskFaults {
  /** Syncs report success but what they cover is still lost by a crash. */
  lyingFsync: boolean;
  /** No sync begins until there is space again. */
  full: boolean;
  /** Added to every sync, in microseconds. */
  slowUs: number;
  /** The next crash leaves the last unsynced write half done. */
  tornWrite: boolean;
  /** The next crash leaves a stored entry damaged. */
  corruptEntry: boolean;
}

const healthy: DiskFaults = {
  lyingFsync: false,
  full: false,
  slowUs: 0,
  tornWrite: false,
  corruptEntry: false,
};

export class Disk {
  /** What survives a crash; null on a disk that was never written. */
  durable: object | null = null;
  /** What the node believes to be durable, while fsync lies; else null. */
  believed: object | null = null;
  /** Writes in order; the first `syncing` of them are covered by the sync in progress. */
  writes: Write[] = [];
  syncing = 0;
  nextToken = 1;
  faults: DiskFaults = { ...healthy };

  /** True when something sent now has to wait for a write. */
  get blocked(): boolean {
    const { writes } = this;
    for (let i = writes.length - 1; i >= 0; i--) if ((writes[i] as Write).barrier) return true;
    return false;
  }

  /** Holds something back until every barrier write so far is durable. */
  hold(outgoing: Outgoing): void {
    let last = this.writes.length - 1;
    while (!(this.writes[last] as Write).barrier) last--;
    const write = this.writes[last] as Write;
    if (write.outbox === null) write.outbox = [outgoing];
    else write.outbox.push(outgoing);
  }

  /** Takes out the writes that the sync in progress covers. */
  takeSynced(): Write[] {
    const { writes, syncing } = this;
    this.syncing = 0;
    if (syncing < writes.length) return writes.splice(0, syncing);
    this.writes = [];
    return writes;
  }

  /** The fields are durable from now on (or the disk says so). */
  settle(fields: object): void {
    if (this.faults.lyingFsync) {
      this.believed = fields;
    } else {
      this.durable = fields;
      this.believed = null;
    }
  }

  /** Makes durable what lying syncs have only promised: the cache reached the platter at last. */
  flush(): void {
    if (this.believed === null) return;
    this.durable = this.believed;
    this.believed = null;
  }

  /** What the disk holds after a crash; `choose` picks what a torn write or damage leaves. */
  crash(choose: (bound: number) => number): void {
    const last = this.writes[this.writes.length - 1];
    if (this.faults.tornWrite && last !== undefined) this.durable = this.torn(last, choose);
    if (this.faults.corruptEntry) this.damage(choose);
    this.faults.tornWrite = false;
    this.faults.corruptEntry = false;
    this.writes = [];
    this.syncing = 0;
    this.believed = null;
  }

  /** Damages the first stored value that can be damaged; returns its field's name, or null. */
  damage(choose: (bound: number) => number): string | null {
    if (this.durable === null) return null;
    const copy = clone(this.durable) as Record<string, unknown>;
    for (const field of Object.keys(copy)) {
      const value = copy[field];
      if (typeof value !== 'object' || value === null || !isForkable(value)) continue;
      if (value.damage === undefined) continue;
      value.damage(choose);
      this.durable = copy;
      return field;
    }
    return null;
  }

  wipe(): void {
    this.durable = null;
    this.believed = null;
  }

  fork(): Disk {
    const copy = new Disk();
    // Durable fields and queued writes are never changed in place: sharing them is safe.
    copy.durable = this.durable;
    copy.believed = this.believed;
    copy.writes = this.writes.map((write) => ({ ...write, outbox: write.outbox?.slice() ?? null }));
    copy.syncing = this.syncing;
    copy.nextToken = this.nextToken;
    copy.faults = { ...this.faults };
    return copy;
  }

  private torn(write: Write, choose: (bound: number) => number): object {
    const result: Record<string, unknown> = { ...this.durable };
    const written = write.fields as Record<string, unknown>;
    for (const field of Object.keys(written)) {
      if (!(field in result) || choose(2) === 1) result[field] = written[field];
    }
    return result;
  }
}
