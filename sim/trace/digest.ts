/** An observer that keeps nothing but the rolling hash: the receipt of an unrecorded run. */
import { contentHash, EventKind, type Observer, type PendingEvent } from '../engine/index.ts';
import type { EventRecord, FaultAction, SendRecord, WorldView } from '../engine/index.ts';
import { own } from './own.ts';
import { Rolling } from './rolling.ts';

/** Give it to a world as its observer; after the run `value` is what a trace of it would say. */
export class Digest implements Observer {
  private readonly rolling = new Rolling();

  /** 16 hexadecimal digits. */
  get value(): string {
    return this.rolling.value;
  }

  onSend({ from, to, payload, dropped }: SendRecord): void {
    this.rolling.send(from, to, payload === null ? 0 : contentHash(payload), dropped ?? '');
  }

  onFault(done: FaultAction): void {
    this.rolling.fault(contentHash(own(done) as FaultAction));
  }

  afterEvent(_world: WorldView, { at, event }: EventRecord): void {
    const { kind, actor, from, payload } = event;
    const content = payload === null ? 0 : contentHash(payload);
    this.rolling.event(at, kind, actor, from, timerText(event), content);
  }
}

/** The name of a timer with its key, as it stands in the event's stem; '' for other events. */
function timerText({ kind, name, key }: PendingEvent): string {
  if (kind !== EventKind.timer && kind !== EventKind.clientTimer) return '';
  return key === '' ? name : `${name}/${key}`;
}
