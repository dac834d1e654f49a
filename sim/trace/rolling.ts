/** The rolling 64-bit hash over the events of a run: the receipt that two runs were the same. */
import { contentHash, finish, hex32, kindNames } from '../engine/index.ts';
import { mix, mixNumber, mixString } from '../engine/index.ts';
import type { TraceEvent, TracedSend } from './format.ts';

/**
 * Two lanes of 32 bits. First all that was sent since the event before, then what a fault did,
 * then the event itself. The recorder, the digest of an unrecorded run and the reader of a file
 * all count with this class.
 */
export class Rolling {
  private high = 0x736368;
  private low = 0x69736d;
  private readonly texts = new Map<string, number>();

  /** Actors, the hash of what was sent, and the rule that dropped it or ''. */
  send(from: number, to: number, content: number, dropped: string): void {
    this.add(mix(mix(0x5e4d, from), to));
    this.add(content);
    if (dropped !== '') this.add(this.text(dropped));
  }

  /** `content`: the hash of what the fault did. */
  fault(content: number): void {
    this.add(0xfa17);
    this.add(content);
  }

  /** `timer`: its name, with its key if it has one, or ''; `content`: a hash, or 0 for none. */
  event(
    at: number,
    kind: number,
    actor: number,
    from: number,
    timer: string,
    content: number,
  ): void {
    this.add(mixNumber(mix(mix(0xe4e7, kind), actor), at));
    this.add(mix(from, content));
    if (timer !== '') this.add(this.text(timer));
  }

  /** The hash so far, as 16 hexadecimal digits. */
  get value(): string {
    return hex32(finish(this.high)) + hex32(finish(this.low));
  }

  private add(word: number): void {
    this.high = mix(this.high, word);
    this.low = mix(this.low, word);
  }

  private text(text: string): number {
    let hash = this.texts.get(text);
    if (hash === undefined) {
      hash = mixString(0, text);
      this.texts.set(text, hash);
    }
    return hash;
  }
}

/** Adds one event of a trace. */
export function rollEvent(rolling: Rolling, event: TraceEvent): void {
  rollSends(rolling, event.sends);
  if (event.fault !== undefined) rolling.fault(contentHash(event.fault));
  const isTimer = event.kind === 'timer' || event.kind === 'client-timer';
  const timer = isTimer ? event.stem.slice(event.stem.indexOf(' ') + 1) : '';
  const kind = kindNames.indexOf(event.kind);
  rolling.event(event.at, kind, event.actor, event.from ?? -1, timer, event.content ?? 0);
}

/** Adds what was sent; alone only before the first event. */
export function rollSends(rolling: Rolling, sends: readonly TracedSend[] | undefined): void {
  for (const { from, to, content, dropped } of sends ?? []) {
    rolling.send(from, to, content, dropped ?? '');
  }
}
