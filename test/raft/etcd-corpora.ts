/**
 * The text format of etcd-raft's test data: directives with arguments and input, a line of dashes,
 * the expected output; and what our functions answer, in etcd's words.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import {
  changeSimply,
  enterJoint,
  leaveJoint,
  membersOf,
  refusals,
  votersOnly,
  type Change,
  type Configuration,
  type Refusal,
} from '../../protocols/raft/configuration.ts';
import { followMembers } from '../../protocols/raft/membership-log.ts';
import { jointCommit, jointVote } from '../../protocols/raft/quorum/joint.ts';
import {
  committedIndex,
  countIn,
  majorityOf,
  voteResult,
  type VoteResult,
} from '../../protocols/raft/quorum/majority.ts';
import type { Progress } from '../../protocols/raft/state.ts';

export interface Directive {
  readonly line: number;
  readonly command: string;
  /** `cfg=(1,2)` as ['1', '2']; `zero` and plain words as one word. */
  readonly args: ReadonlyMap<string, readonly string[]>;
  readonly input: readonly string[];
  readonly expected: string;
}

/** A blank line ends the output, and comments stand between directives. */
export function parseDirectives(text: string): Directive[] {
  const lines = text.split('\n');
  const found: Directive[] = [];
  let at = 0;
  while (at < lines.length) {
    const first = lines[at] as string;
    if (first.trim() === '' || first.startsWith('#')) {
      at++;
      continue;
    }
    const dashes = lines.indexOf('----', at);
    if (dashes < 0) throw new Error(`line ${at + 1}: no line of dashes below`);
    let end = dashes + 1;
    while (end < lines.length && lines[end] !== '') end++;
    const [command = '', ...rest] = first.split(/\s+/);
    found.push({
      line: at + 1,
      command,
      args: parseArguments(rest.join(' ')),
      input: lines.slice(at + 1, dashes).flatMap((line) => line.split(/\s+/).filter(Boolean)),
      expected: lines.slice(dashes + 1, end).join('\n'),
    });
    at = end;
  }
  return found;
}

function parseArguments(text: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [, name = '', list, word] of text.matchAll(/(\w+)=(?:\(([^)]*)\)|(\S+))/g)) {
    const parts = list?.split(',').map((part) => part.trim()) ?? [word ?? ''];
    found.set(name, parts.filter(Boolean));
  }
  return found;
}

/** What our functions say to a directive of `quorum/testdata`. */
export function answerQuorum({ command, args }: Directive): string {
  const groups = groupsOf(args);
  const servers = [...new Set(groups.flat())];
  if (command === 'vote') {
    const votes = args.get('votes') ?? [];
    const saying = (word: string) => servers.filter((_, i) => votes[i] === word);
    const results = groups.map((group) => {
      const [yes, no] = [countIn(group, saying('y')), countIn(group, saying('n'))];
      return voteResult(group.length, majorityOf(group.length), yes, no);
    });
    return voteWords[jointVote(results)];
  }
  if (command !== 'committed') throw new Error(`unknown directive ${command}`);
  const indices = args.get('idx') ?? [];
  const known = new Map(servers.map((server, i) => [server, indices[i]]));
  const matches = (group: readonly NodeId[]) =>
    group.map((server) => (known.get(server) === '_' ? 0 : Number(known.get(server))));
  const index = jointCommit(
    groups.map((group) => committedIndex(matches(group), majorityOf(group.length))),
  );
  return `${chart(servers, known)}${index === Infinity ? '∞' : index}`;
}

/** One group, or two where `cfgj` says so; `zero` is an empty one. */
function groupsOf(args: Directive['args']): NodeId[][] {
  const named = (name: string) => {
    const group = args.get(name);
    return group === undefined ? [] : [group.filter((server) => server !== 'zero')];
  };
  const [first = []] = named('cfg');
  return [first, ...named('cfgj')];
}

const voteWords: Readonly<Record<VoteResult, string>> = {
  won: 'VoteWon',
  lost: 'VoteLost',
  pending: 'VotePending',
};

/** Etcd's picture of who knows how much: a bar as long as the number of servers that know less. */
function chart(servers: readonly NodeId[], known: ReadonlyMap<NodeId, string | undefined>): string {
  if (servers.length === 0) return '<empty majority quorum>';
  const width = servers.length;
  const indexOf = (server: NodeId) => Number(known.get(server)?.replace('_', '0'));
  const byIndex = servers.toSorted((a, b) => indexOf(a) - indexOf(b) || Number(a) - Number(b));
  const bars = new Map<NodeId, number>();
  byIndex.forEach((server, i) => {
    const before = byIndex[i - 1];
    const isTied = before !== undefined && indexOf(before) === indexOf(server);
    bars.set(server, isTied ? (bars.get(before) as number) : i);
  });
  const lines = servers
    .toSorted((a, b) => Number(a) - Number(b))
    .map((server) => {
      const bar = bars.get(server) as number;
      const drawn = `${'x'.repeat(bar)}>${' '.repeat(width - bar)}`;
      const start = known.get(server) === '_' ? `?${' '.repeat(width)}` : drawn;
      return `${start} ${String(indexOf(server)).padStart(5)}    (id=${server})\n`;
    });
  return `${' '.repeat(width)}    idx\n${lines.join('')}`;
}

/** A conversation with the functions that change configurations: `confchange/testdata`. */
export class Changer {
  private configuration: Configuration = votersOnly([]);
  private progress: Record<NodeId, Progress> = {};
  /** The last index of an imaginary log, which grows with every directive. */
  private lastIndex = 0;

  answer({ command, args, input }: Directive): string {
    const changes = input.flatMap(parseChange);
    const next = this.changed(command, changes, args.get('autoleave')?.[0] === 'true');
    const nextIndex = Math.max(1, this.lastIndex++);
    if (typeof next === 'string') return refusalIn(command, next);
    this.configuration = next;
    this.progress = followMembers(this.progress, membersOf(next), nextIndex);
    return show(this.configuration, this.progress);
  }

  private changed(command: string, changes: readonly Change[], autoLeave: boolean) {
    switch (command) {
      case 'simple':
        return changeSimply(this.configuration, changes);
      case 'enter-joint':
        return enterJoint(this.configuration, changes, autoLeave);
      case 'leave-joint':
        return leaveJoint(this.configuration);
      default:
        throw new Error(`unknown directive ${command}`);
    }
  }
}

/** `v1`, `l1`, `r1`. `u1` tells etcd nothing but a blob of the application; id 0 means nobody. */
function parseChange(word: string): Change[] {
  const [letter = '', server] = [word[0], word.slice(1)];
  if (letter === 'u' || server === '0') return [];
  const types: Readonly<Record<string, Change['type']>> = { v: 'add', l: 'learn', r: 'remove' };
  const type = types[letter];
  if (type === undefined) throw new Error(`unknown change ${word}`);
  return [{ type, server }];
}

const refusalWords: Readonly<Record<Refusal, string>> = {
  [refusals.nobodyLeft]: 'removed all voters',
  [refusals.tooMany]: 'more than one voter changed without entering joint config',
  [refusals.joint]: 'config is already joint', // Entering; `refusalIn` has the other case.
  [refusals.notJoint]: "can't leave a non-joint config",
  [refusals.empty]: "can't make a zero-voter config joint",
};

function refusalIn(command: string, refusal: Refusal): string {
  const isSimple = command === 'simple' && refusal === refusals.joint;
  return isSimple ? "can't apply simple config change in joint config" : refusalWords[refusal];
}

function show(configuration: Configuration, progress: Readonly<Record<NodeId, Progress>>): string {
  const { voters, outgoing, learners, learnersNext, autoLeave } = configuration;
  const list = (servers: readonly NodeId[]) => `(${servers.toSorted(byNumber).join(' ')})`;
  const words = [`voters=${list(voters)}${outgoing.length > 0 ? `&&${list(outgoing)}` : ''}`];
  if (learners.length > 0) words.push(`learners=${list(learners)}`);
  if (learnersNext.length > 0) words.push(`learners_next=${list(learnersNext)}`);
  if (autoLeave) words.push('autoleave');
  const rows = Object.keys(progress)
    .toSorted(byNumber)
    .map((server) => {
      const { matchIndex, nextIndex } = progress[server] as Progress;
      const role = learners.includes(server) ? ' learner' : '';
      return `${server}: StateProbe match=${matchIndex} next=${nextIndex}${role}`;
    });
  return [words.join(' '), ...rows].join('\n');
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}
