/** Writes down a run as the schedule of a scenario while it is made. */
import { eventIdentity, EventKind } from '../../engine/index.ts';
import type { FaultAction, PendingEvent, World } from '../../engine/index.ts';
import type { Fault } from '../../faults/index.ts';
import { writeFault, type WrittenStep } from '../../scenario/index.ts';

export class ScriptNotes {
  readonly steps: WrittenStep[] = [];
  /** Steps from here on happen by themselves when the run goes on freely. */
  needed = 0;
  private isRequestOpen = false;

  /** An event is about to happen; `isOwn`: nothing would bring it about without the script. */
  event(world: World, event: PendingEvent, isOwn: boolean): void {
    // A step that makes a request also puts it into the node's hands.
    const isAnswered = this.isRequestOpen && event.kind === EventKind.request && event.from < 0;
    this.isRequestOpen = false;
    if (isAnswered) return;
    if (event.kind === EventKind.fault && isOwn) this.fault(event.payload as FaultAction);
    else this.steps.push(eventIdentity(world, event));
    if (isOwn) this.need();
  }

  /** Everything so far has to stand in the script. */
  need(): void {
    this.needed = this.steps.length;
  }

  private fault(action: FaultAction): void {
    this.isRequestOpen = action.kind === 'request';
    this.steps.push(writeFault(action as unknown as Fault));
  }
}
