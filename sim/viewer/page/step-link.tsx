/** A step as something to press. */
import { labelOf } from '../../trace/format.ts';
import { go } from './app-state.ts';
import type { Side } from './side.ts';

export function Step({ side, index, text }: { side: Side; index: number; text?: string }) {
  const { store } = side;
  const isHeld = index >= store.first && index < store.count;
  if (!isHeld) return <span class="quiet">step {index}, which is not in this page</span>;
  return (
    <button type="button" class="link" onClick={() => go(index)}>
      {index} {text ?? labelOf(store.event(index))}
    </button>
  );
}
