/** Takes down what clients see, as a chain of immutable notes: copies share their past. */
import type { HistorySink } from '../engine/clients.ts';
import { clientName } from '../engine/event.ts';
import { finish, hashPlain, mix } from '../engine/hash.ts';
import type { Command, Completion, Plain } from '../engine/protocol.ts';
import type { History, Operation } from './operation.ts';

/** What clients of this simulator did and saw. */
export type ClientHistory = History<Command, Plain>;
type ClientOperation = Operation<Command, Plain>;

interface Note {
  readonly previous: Note | null;
  readonly client: number;
  readonly sequence: number;
  /** What the client asked, or how it ended. */
  readonly what: Command | Completion;
  readonly isEnd: boolean;
  readonly at: number;
  readonly event: number;
  /** The two lanes of the hash of the chain up to here, once somebody asked. */
  lanes: readonly [number, number] | null;
}

export class Recorder implements HistorySink {
  /** How many operations have ended. */
  answers: number;
  private last: Note | null;

  constructor(last: Note | null = null, answers = 0) {
    this.last = last;
    this.answers = answers;
  }

  invoked(client: number, sequence: number, command: Command, at: number, event: number): void {
    this.note(client, sequence, command, false, at, event);
  }

  completed(
    client: number,
    sequence: number,
    completion: Completion,
    at: number,
    event: number,
  ): void {
    this.answers++;
    this.note(client, sequence, completion, true, at, event);
  }

  /** O(1): past notes are shared. */
  fork(): Recorder {
    return new Recorder(this.last, this.answers);
  }

  /** Who saw what, in which order; not when. O(new notes). */
  hash(lane: number): number {
    const fresh: Note[] = [];
    let note = this.last;
    for (; note !== null && note.lanes === null; note = note.previous) fresh.push(note);
    let lanes = note?.lanes ?? ([0, 1] as const);
    for (const next of fresh.reverse()) {
      lanes = [mixNote(lanes[0], next, 0), mixNote(lanes[1], next, 1)];
      next.lanes = lanes;
    }
    return finish(lanes[lane] as number);
  }

  /**
   * The operations in the order of their invocation; those that are still open are `info`. Times
   * are microseconds of virtual time, each at least one more than that of the note before, so that
   * what happened earlier also has an earlier time when many events share one instant.
   */
  history(): ClientHistory {
    const notes: Note[] = [];
    for (let note = this.last; note !== null; note = note.previous) notes.push(note);
    const operations: ClientOperation[] = [];
    const open = new Map<number, number>();
    for (const note of notes.reverse()) {
      const begun = open.get(note.client);
      if (!note.isEnd) {
        open.set(note.client, operations.length);
        operations.push(begin(note));
      } else if (begun !== undefined) {
        operations[begun] = end(operations[begun] as ClientOperation, note);
      }
    }
    return operations;
  }

  private note(
    client: number,
    sequence: number,
    what: Command | Completion,
    isEnd: boolean,
    now: number,
    event: number,
  ): void {
    const previous = this.last;
    const at = previous === null ? now : Math.max(now, previous.at + 1);
    this.last = { previous, client, sequence, what, isEnd, at, event, lanes: null };
  }
}

function begin({ client, what, at, event }: Note): ClientOperation {
  return {
    client: clientName(client),
    input: what,
    invokedAt: at,
    outcome: 'info',
    completedAt: null,
    invokeEvent: event,
  };
}

function end(operation: ClientOperation, { what, at, event }: Note): ClientOperation {
  const completion = what as Completion;
  const { type } = completion;
  if (type === 'ok') {
    const { value } = completion;
    return { ...operation, outcome: type, output: value, completedAt: at, completeEvent: event };
  }
  const { error } = completion;
  // Nobody knows when an `info` operation ends, although its client has stopped waiting.
  const completedAt = type === 'fail' ? at : null;
  return { ...operation, outcome: type, error, completedAt, completeEvent: event };
}

function mixNote(hash: number, { client, sequence, what, isEnd }: Note, lane: number): number {
  return hashPlain(mix(mix(mix(hash, client), sequence), isEnd ? 1 : 0), what, lane);
}
