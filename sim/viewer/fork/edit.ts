/** What somebody changes at a step before the run goes on: edits as plain data. */

export type Edit =
  /** A message on its way, by its identity. */
  | { readonly type: 'drop' | 'duplicate' | 'deliver'; readonly event: string }
  /** So many microseconds later than it is due. */
  | { readonly type: 'delay'; readonly event: string; readonly byUs: number }
  | { readonly type: 'crash' | 'restart' | 'pause' | 'resume'; readonly node: string }
  /** Groups of nodes that do not hear one another. */
  | { readonly type: 'cut'; readonly sides: readonly (readonly string[])[] }
  | { readonly type: 'heal' };

/** How the run goes on behind the edits. */
export type Onward =
  /** In the order of virtual time, with the seed's own draws, to the scenario's end. */
  | 'run'
  /** By the names of the events that came next, as far as they still can happen; then it ends. */
  | 'follow';

/** For people: `drop n2<-n1 AppendEntries`. */
export function editText(edit: Edit): string {
  switch (edit.type) {
    case 'drop':
    case 'duplicate':
    case 'deliver':
      return `${edit.type} ${withoutHash(edit.event)}`;
    case 'delay':
      return `delay ${withoutHash(edit.event)} by ${edit.byUs / 1000} ms`;
    case 'cut':
      return `cut ${edit.sides.map((side) => side.join(' ')).join(' | ')}`;
    case 'heal':
      return 'heal all';
    default:
      return `${edit.type} ${edit.node}`;
  }
}

function withoutHash(event: string): string {
  return event.replace(/#[0-9a-f]{8}$/, '');
}
