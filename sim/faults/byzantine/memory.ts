/** What an adversary has seen on the network: messages by type, and what was signed by whom. */
import type { Payload, Plain, Signature } from '../../engine/index.ts';
import { typeOf } from './structure.ts';

/** Of each type the oldest messages and the latest are kept. */
const OLDEST = 4;
const LATEST = 8;

export interface Seen {
  readonly from: number;
  readonly payload: Payload;
}

export class Memory {
  private readonly byType: Map<string, readonly Seen[]>;
  private readonly signatures: Map<string, Plain>;

  constructor(
    byType: ReadonlyMap<string, readonly Seen[]> = new Map(),
    signatures: ReadonlyMap<string, Plain> = new Map(),
  ) {
    this.byType = new Map(byType);
    this.signatures = new Map(signatures);
  }

  saw(from: number, payload: Payload): void {
    const type = typeOf(payload);
    const seen = this.byType.get(type) ?? [];
    // A broadcast is one message.
    if (seen.at(-1)?.payload === payload) return;
    const kept = seen.length < OLDEST + LATEST ? seen : seen.toSpliced(OLDEST, 1);
    this.byType.set(type, [...kept, { from, payload }]);
  }

  signed(signature: Signature, payload: Plain): void {
    this.signatures.set(nameOf(signature), payload);
  }

  /** The messages of a type, in the order in which they were sent. */
  ofType(type: string): readonly Seen[] {
    return this.byType.get(type) ?? [];
  }

  /** What was signed; undefined when nobody has made this signature. */
  signedBy(signature: Signature): Plain | undefined {
    return this.signatures.get(nameOf(signature));
  }

  fork(): Memory {
    return new Memory(this.byType, this.signatures);
  }
}

function nameOf({ signer, tag }: Signature): string {
  return `${signer}/${tag}`;
}
