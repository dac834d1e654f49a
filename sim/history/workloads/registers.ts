/** Reads, writes, deletions and compare-and-swaps of one register or of a map of them. */
import { finish, hashPlain, mixString } from '../../engine/hash.ts';
import type { Command, Completion, Plain } from '../../engine/protocol.ts';
import { chance, chooseKey, oneKey, uniqueNumber } from './operations.ts';
import type { Choose, KeyChoice, Operations } from './operations.ts';

type Mix = {
  /** Of all operations. */
  readonly readPercent: number;
  /** Of those that are not reads. */
  readonly casPercent: number;
  /**
   * Null: every write writes a value of its own, which makes histories cheap to check and errors
   * plain to see. Else values are drawn from 1 to this.
   */
  readonly distinctValues: number | null;
};

export type RegisterConfig = Mix & { readonly kind: 'register' };

export type MapConfig = Mix &
  KeyChoice & {
    readonly kind: 'map';
    /** Of those that are neither reads nor compare-and-swaps. */
    readonly deletePercent: number;
  };

export const defaultRegister: RegisterConfig = Object.freeze({
  kind: 'register',
  readPercent: 50,
  casPercent: 0,
  distinctValues: null,
});

export const defaultMap: MapConfig = Object.freeze({
  ...defaultRegister,
  kind: 'map',
  keys: 10,
  hotKeys: 1,
  hotPercent: 50,
  deletePercent: 0,
});

/**
 * A compare-and-swap expects what its client last saw under the key, as a program does that reads
 * and then writes back; so it succeeds unless another client was faster.
 */
export class Registers implements Operations {
  private readonly config: MapConfig;
  private readonly clients: number;
  /** What each client last saw under each key it used: `2/k1`. */
  private readonly seen: Map<string, Plain>;

  constructor(
    config: RegisterConfig | MapConfig,
    clients: number,
    seen: ReadonlyMap<string, Plain> = new Map(),
  ) {
    this.config =
      config.kind === 'map' ? config : { ...config, ...oneKey, kind: 'map', deletePercent: 0 };
    this.clients = clients;
    this.seen = new Map(seen);
  }

  next(client: number, sequence: number, choose: Choose): Command {
    const { readPercent, casPercent, deletePercent, distinctValues } = this.config;
    const key = chooseKey(this.config, choose);
    if (chance(readPercent, choose)) return { type: 'get', key };
    const isSwap = chance(casPercent, choose);
    if (!isSwap && chance(deletePercent, choose)) return { type: 'delete', key };
    const value =
      distinctValues === null
        ? uniqueNumber(this.clients, client, sequence)
        : choose(distinctValues) + 1;
    if (!isSwap) return { type: 'put', key, value };
    return { type: 'cas', key, from: this.seen.get(`${client}/${key}`) ?? null, to: value };
  }

  ended(client: number, command: Command, completion: Completion): void {
    if (this.config.casPercent === 0 || completion.type !== 'ok') return;
    this.seen.set(`${client}/${command['key'] as string}`, valueAfter(command, completion.value));
  }

  hash(lane: number): number {
    let sum = 0;
    for (const [name, value] of this.seen) {
      sum = (sum + finish(hashPlain(mixString(lane, name), value))) | 0;
    }
    return sum;
  }

  fork(): Registers {
    return new Registers(this.config, this.clients, this.seen);
  }
}

/** What the register held right after an operation that was answered so. */
function valueAfter(command: Command, answer: Plain): Plain {
  switch (command.type) {
    case 'get':
      return answer;
    case 'cas': {
      const { swapped, saw } = answer as { readonly swapped: boolean; readonly saw?: Plain };
      return (swapped ? command['to'] : saw) ?? null;
    }
    default:
      return command['value'] ?? null;
  }
}
