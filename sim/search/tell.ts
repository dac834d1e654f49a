/** A run told by the names of its events, so that it can be replayed, shrunk and explained. */
import { EventKind, eventIdentity, valueOf } from '../engine/index.ts';
import type { FaultAction, Observer, PendingEvent, Strategy, World } from '../engine/index.ts';
import { countOlderTwins } from '../trace/find.ts';
import type { Step } from '../trace/index.ts';

/** Takes down each event of a world by its name. */
export class StepNotes implements Observer {
  readonly steps: Step[] = [];
  /** The last event is over and violated nothing: what is wrong was seen at the end of the run. */
  isOver = false;
  private world: World | null = null;

  watch(world: World): void {
    this.world = world;
    world.observer = this;
  }

  beforeEvent(event: PendingEvent): void {
    this.isOver = false;
    const world = this.world as World; // It watches this one.
    const identity = eventIdentity(world, event);
    if (event.kind === EventKind.fault) {
      this.steps.push({ identity, at: event.at, fault: event.payload as FaultAction });
      return;
    }
    const nth = countOlderTwins(world, event);
    this.steps.push(nth === 0 ? { identity } : { identity, nth });
  }

  afterEvent(): void {
    this.isOver = this.world?.violation === null;
  }
}

/** Chooses what was chosen before, then ends the run. */
export class TapeStrategy implements Strategy {
  readonly name = 'tape';
  readonly order = 'untimed';
  readonly draw = valueOf;
  private readonly tape: ArrayLike<number>;
  private next = 0;

  constructor(tape: ArrayLike<number>) {
    this.tape = tape;
  }

  begin(): void {
    this.next = 0;
  }

  choose(): number {
    return this.next < this.tape.length ? (this.tape[this.next++] as number) : -1;
  }
}
