/** What byzantine nodes do, as sentences. */
import type { FaultAction } from '../../engine/index.ts';
import type { Fault } from '../../faults/index.ts';
import { list, verb } from './words.ts';

type Kind<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>;

export function byzantineText({ nodes, behaviours }: Kind<'byzantine'>): string {
  const ways = behaviours.length > 4 ? 'in every way' : `(${behaviours.join(', ')})`;
  return `${list(nodes)} ${verb(nodes.length, 'lies', 'lie')} from now on ${ways}`;
}

/** `n1 lies to n2 (equivocate): AppendEntries term=4 +1 #1a2b, not term=3 +1 #5c6d`. */
export function lieText(fault: Kind<'lie'>, done: FaultAction): string {
  const [who = '', type = ''] = fault.message.replace(/#[0-9a-f]{8}$/, '').split(' ');
  const [to = '', from = ''] = who.split('<-');
  if (fault.silence === true) return `${from} keeps its ${type} from ${to}`;
  if (fault.byUs !== undefined) return `${from} sends its ${type} to ${to} late (${fault.how})`;
  const { told = '', truth = '' } = done as { told?: string; truth?: string };
  const relation = fault.also === true ? 'and' : 'not';
  return `${from} lies to ${to} (${fault.how}): ${type} ${told}, ${relation} ${truth}`;
}

export function sinText({ kind, nodes }: Kind<'amnesia'> | Kind<'twin'>): string {
  const many = nodes.length;
  if (kind === 'twin') return `the other ${list(nodes)} ${verb(many, 'takes', 'take')} over`;
  const starts = verb(many, 'forgets everything and starts', 'forget everything and start');
  return `${list(nodes)} ${starts} anew`;
}

export const honestAgain = 'nobody lies any more';
