/** What each replicated type does with concurrent updates. */
import { describe, expect, test } from 'vitest';
import { hear, tick, timestampOf } from '../../protocols/conflict-resolution/hybrid-clock.ts';
import { replicatedTypes, type TypeName } from '../../protocols/conflict-resolution/types/index.ts';
import type { Command, Plain } from '../../sim/engine/protocol.ts';

/** Replicas of one key that update and merge by hand. */
function replica(name: TypeName, node: string) {
  const type = replicatedTypes[name];
  let counter = 0;
  const self = {
    state: type.initial,
    update(command: Command, client = 'c1', sequence = 1, context: Plain = null, timestamp = 1) {
      const stamp = { node, counter: ++counter, timestamp, client, sequence, context };
      const delta = type.update(self.state, command, stamp);
      if (delta !== null) self.state = type.merge(self.state, delta);
      return self;
    },
    merge(other: { readonly state: Plain }) {
      self.state = type.merge(self.state, other.state);
      return self;
    },
    read: () => type.value(self.state),
    context: () => type.contextOf?.(self.state) ?? null,
  };
  return self;
}

const put = (value: Plain): Command => ({ type: 'put', value });

describe('siblings', () => {
  test.each(['mv-register', 'version-vectors'] as const)(
    '%s: two writes through one server that know nothing of each other stay side by side',
    (name) => {
      const n1 = replica(name, 'n1').update(put('milk'), 'c1').update(put('eggs'), 'c2');
      expect(n1.read()).toEqual(['eggs', 'milk']);
    },
  );

  test.each(['mv-register', 'version-vectors'] as const)(
    '%s: a write of someone who has read them takes the place of both, also elsewhere',
    (name) => {
      const n1 = replica(name, 'n1').update(put('milk'), 'c1').update(put('eggs'), 'c2');
      const n2 = replica(name, 'n2').merge(n1);
      n1.update(put('both'), 'c1', 2, n1.context());
      expect(n1.read()).toBe('both');
      expect(n2.merge(n1).read()).toBe('both');
    },
  );
});

describe('or-set', () => {
  test('an element that is added and removed at a time stays: the add was not seen', () => {
    const n1 = replica('or-set', 'n1').update(put('x'));
    const n2 = replica('or-set', 'n2').merge(n1);
    n1.update({ type: 'remove', value: 'x' });
    n2.update(put('x'));
    expect(n1.merge(n2).read()).toEqual(['x']);
  });

  test('an element that was removed does not come back from who still has it', () => {
    const n1 = replica('or-set', 'n1').update(put('x'));
    const n2 = replica('or-set', 'n2').merge(n1);
    n1.update({ type: 'remove', value: 'x' });
    expect(n1.merge(n2).read()).toEqual([]);
    expect(n2.merge(n1).read()).toEqual([]);
  });
});

describe('sequence', () => {
  const append = (value: string): Command => ({ type: 'append', value });

  test('words that two people type at one place are not mixed', () => {
    const n1 = replica('sequence', 'n1').update(append('a')).update(append('b'));
    const n2 = replica('sequence', 'n2').update(append('x')).update(append('y'));
    expect(n1.merge(n2).read()).toEqual(['x', 'y', 'a', 'b']);
    expect(n2.merge(n1).read()).toEqual(['x', 'y', 'a', 'b']);
  });

  test('what is put behind an element that is removed meanwhile keeps its place', () => {
    const n1 = replica('sequence', 'n1').update(append('a')).update(append('b'));
    const n2 = replica('sequence', 'n2').merge(n1);
    n1.update({ type: 'remove', value: 'b' });
    n2.update(append('c'));
    expect(n1.merge(n2).read()).toEqual(['a', 'c']);
  });
});

describe('counters', () => {
  test('additions on both sides count once each, however often they are merged', () => {
    const n1 = replica('pn-counter', 'n1').update({ type: 'add', by: 5 });
    const n2 = replica('pn-counter', 'n2').update({ type: 'add', by: -2 });
    expect(n1.merge(n2).merge(n2).merge(n1).read()).toBe(3);
  });

  test('a g-counter refuses to go down', () => {
    const n1 = replica('g-counter', 'n1').update({ type: 'add', by: 5 });
    expect(n1.update({ type: 'add', by: -1 }).read()).toBe(5);
  });
});

describe('hybrid logical clocks (Kulkarni et al. 2014, §3)', () => {
  const at = (physicalUs: number, logical: number) => ({ physicalUs, logical });

  test('follow physical time while it grows, and count while it stands still', () => {
    expect(tick('hybrid', at(10, 3), 20)).toEqual(at(20, 0));
    expect(tick('hybrid', at(20, 0), 20)).toEqual(at(20, 1));
  });

  test('are later than what was heard of, although the own clock is behind', () => {
    const ahead = at(500, 2);
    const after = tick('hybrid', hear('hybrid', at(10, 0), ahead, 12), 13);
    expect(after).toEqual(at(500, 3));
    expect(timestampOf(after)).toBeGreaterThan(timestampOf(ahead));
  });

  test('a clock that is its own knows nothing of others', () => {
    const after = tick('physical', hear('physical', at(10, 0), at(500, 2), 12), 13);
    expect(timestampOf(after)).toBeLessThan(timestampOf(at(500, 2)));
  });
});
