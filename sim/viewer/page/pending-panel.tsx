/** What could happen next, node by node, and what did. */
import { pendingAfter } from '../model/pending.ts';
import type { Side } from './side.ts';
import { addEdit, onward, usualOnward } from './fork-state.ts';
import { Step } from './step-link.tsx';

export function PendingPanel({ side }: { side: Side }) {
  const effects = side.effects.value;
  if (effects === null) return <p class="quiet">The trace is still being read.</p>;
  const index = side.step.value;
  const items = pendingAfter(side.store, effects, index);
  const actors = [...new Set(items.map(({ actor }) => actor))].sort((a, b) => a - b);
  const forks = (type: 'drop' | 'deliver' | 'duplicate', event: string) => {
    onward.value = usualOnward(side);
    addEdit({ type, event }, index);
  };
  return (
    <div>
      <p class="quiet">
        On its way or armed after step {index}, as far as the trace tells. ▶ is what happened next.
      </p>
      {actors.map((actor) => (
        <section key={actor}>
          <h3>{side.nameOf(actor)}</h3>
          <ul>
            {items
              .filter((item) => item.actor === actor)
              .slice(0, 30)
              .map(({ identity, kind, happens }, i) => (
                <li key={i}>
                  {happens === index + 1 ? '▶ ' : ''}
                  <code>{identity.replace(/#[0-9a-f]{8}$/, '')}</code>{' '}
                  {happens === null ? (
                    <span class="quiet">never in this run</span>
                  ) : (
                    <Step side={side} index={happens} text="" />
                  )}{' '}
                  {kind === 'message' && (
                    <button type="button" onClick={() => forks('drop', identity)}>
                      drop
                    </button>
                  )}{' '}
                  {kind === 'message' && (
                    <button type="button" onClick={() => forks('duplicate', identity)}>
                      duplicate
                    </button>
                  )}{' '}
                  <button type="button" onClick={() => forks('deliver', identity)}>
                    now
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
