/**
 * Coverage-guided mutation: runs that reached new abstract states are kept, changed (a part left
 * out, doubled, moved; the tail drawn anew) and followed again by name as far as they go. Gulcan et
 * al., "Model-guided fuzzing of distributed systems" (ModelFuzz, OOPSLA 2025); the states of its
 * TLA+ model are here abstract states of the world itself.
 */
import { payloadType, valueOf } from '../engine/index.ts';
import type { ChoiceClass, Enabled, PendingEvent, Strategy } from '../engine/index.ts';
import { abstractState } from './abstract.ts';
import type { Arm, Ground, Played, Runs, Watch } from './arm.ts';
import { Chance } from './chance.ts';
import { RandomWalk } from './random-walk.ts';

/** What was chosen, by what it was: enough to find its like in another run. */
interface Deed {
  readonly choiceClass: ChoiceClass;
  readonly actor: number;
  /** Null for faults. */
  readonly event: PendingEvent | null;
}

interface Kept {
  readonly deeds: readonly Deed[];
  readonly worldSeed: string;
  readonly number: number;
  /** How many states it was the first to reach. */
  readonly energy: number;
}

/** States are looked at after every so many events. */
const STRIDE = 4;
const TOURNAMENT = 4;
/** One run in so many is a fresh random walk. */
const FRESH = 4;
const MUTATIONS = 3;

export const coverageGuided: Arm = {
  name: 'coverage-guided',
  source: 'Model-guided fuzzing of distributed systems, OOPSLA 2025',
  begin: (ground) => new Guided(ground),
};

class Guided implements Runs {
  private readonly ground: Ground;
  private readonly kept: Kept[] = [];
  private readonly states = new Set<number>();

  constructor(ground: Ground) {
    this.ground = ground;
  }

  run(number: number, watch?: Watch): Played {
    const { ground, states } = this;
    const chance = new Chance(ground.seedOf(number));
    const parent = this.pick(chance);
    const origin = parent?.number ?? number;
    const deeds = parent === null ? [] : mutate(parent.deeds, chance);
    const strategy = new Following(deeds, chance.bits());
    const world = ground.copy(origin, strategy);
    strategy.look = () => {
      const state = abstractState(world);
      if (states.has(state)) return;
      states.add(state);
      strategy.found++;
    };
    watch?.(world);
    const { events } = ground.play(world);
    if (world.violation === null) world.finish();
    const worldSeed = ground.worldSeedOf(origin);
    const { done, found, tape } = strategy;
    if (found > 0) this.kept.push({ deeds: done, worldSeed, number: origin, energy: found });
    return { events, violation: world.violation, world, worldSeed, tape };
  }

  private pick(chance: Chance): Kept | null {
    const { kept } = this;
    if (kept.length === 0 || chance.below(FRESH) === 0) return null;
    let best = kept[chance.below(kept.length)] as Kept;
    for (let i = 1; i < TOURNAMENT; i++) {
      const other = kept[chance.below(kept.length)] as Kept;
      if (other.energy > best.energy) best = other;
    }
    return best;
  }
}

function mutate(deeds: readonly Deed[], chance: Chance): readonly Deed[] {
  let result = deeds.slice();
  for (let i = 1 + chance.below(MUTATIONS); i > 0 && result.length > 1; i--) {
    const at = chance.below(result.length);
    const length = 1 + chance.below(Math.min(8, result.length));
    const part = result.slice(at, at + length);
    const to = chance.below(result.length);
    switch (chance.below(4)) {
      case 0:
        result = result.slice(0, at);
        break;
      case 1:
        result.splice(at, length);
        break;
      case 2:
        result.splice(to, 0, ...part);
        break;
      default:
        result.splice(at, length);
        result.splice(Math.min(to, result.length), 0, ...part);
    }
  }
  return result;
}

/** Follows deeds as far as it can find their like, then walks at random. */
class Following implements Strategy {
  readonly name = 'coverage-guided';
  readonly order = 'untimed';
  readonly draw = valueOf;
  readonly done: Deed[] = [];
  readonly tape: number[] = [];
  found = 0;
  look: () => void = () => {};
  private readonly deeds: readonly Deed[];
  private readonly walk: RandomWalk;
  private next = 0;

  constructor(deeds: readonly Deed[], seed: number) {
    this.deeds = deeds;
    this.walk = new RandomWalk(seed);
  }

  begin(): void {}

  choose(enabled: Enabled, step: number): number {
    if (step % STRIDE === 0) this.look();
    let choice = -1;
    while (choice < 0 && this.next < this.deeds.length) {
      choice = findLike(enabled, this.deeds[this.next++] as Deed);
    }
    if (choice < 0) choice = this.walk.choose(enabled);
    this.tape.push(choice);
    const choiceClass = enabled.classAt(choice);
    this.done.push({ choiceClass, actor: enabled.actor(choice), event: enabled.at(choice) });
    return choice;
  }
}

/** The oldest choice of the same class, actor, sender and type; -1 when there is none. */
function findLike(enabled: Enabled, { choiceClass, actor, event }: Deed): number {
  const end = enabled.ends[choiceClass] as number;
  const start = choiceClass === 0 ? 0 : (enabled.ends[choiceClass - 1] as number);
  for (let choice = start; choice < end; choice++) {
    const other = enabled.at(choice);
    if (event === null ? other === null && enabled.actor(choice) === actor : isLike(event, other)) {
      return choice;
    }
  }
  return -1;
}

function isLike(event: PendingEvent, other: PendingEvent | null): boolean {
  if (other === null || other.kind !== event.kind || other.actor !== event.actor) return false;
  if (other.from !== event.from || other.name !== event.name) return false;
  return payloadType(other.payload) === payloadType(event.payload);
}
