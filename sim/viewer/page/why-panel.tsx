/** The chain of causes: from the facts in conflict back to what began it, as places to jump to. */
import { milliseconds } from '../../trace/text.ts';
import { why } from '../model/causes.ts';
import { go } from './app-state.ts';
import { wordsOf } from './event-words.ts';
import { slice, type Side } from './side.ts';

/** Steps that are listed at most: the last ones. */
const LISTED = 200;

export function WhyPanel({ side }: { side: Side }) {
  const { store } = side;
  const index = side.step.value;
  const { violation } = store;
  const isViolation = violation !== null && side.why.value !== null;
  const found = isViolation ? side.why.value : why(store, [index]);
  const chain = found?.chain ?? [];
  const marks = new Map<number, string>();
  for (const [i, { event }] of (violation?.facts ?? []).entries()) {
    if (event !== undefined) marks.set(event, `fact ${i + 1}`);
  }
  if (violation !== null) marks.set(violation.event, 'violation');
  const shown = chain.slice(-LISTED);
  return (
    <div>
      <h3>{isViolation ? 'What led to the violation' : `What led to step ${index}`}</h3>
      <p>
        {found?.causes.length ?? 0} of {store.count} events happened before it, {chain.length} lead
        to it directly.
      </p>
      {isViolation && (
        <p>
          <label>
            show{' '}
            <select
              value={slice.value}
              onChange={(event) => (slice.value = Number(event.currentTarget.value) as 0 | 1 | 2)}
            >
              <option value={0}>all events</option>
              <option value={1}>others dim</option>
              <option value={2}>only the chain</option>
            </select>
          </label>
        </p>
      )}
      {chain.length > LISTED && (
        <p class="quiet">{chain.length - LISTED} earlier ones are left out.</p>
      )}
      <ol class="chain">
        {shown.map((one) => {
          const event = store.event(one);
          const { glyph, text } = wordsOf(side, event);
          return (
            <li key={one} aria-current={one === index ? 'step' : undefined}>
              <button type="button" class="link" onClick={() => go(one)}>
                {one} · {milliseconds(event.at)} · <span aria-hidden="true">{glyph}</span> {text}
              </button>
              {marks.has(one) && <b class="mark"> ← {marks.get(one)}</b>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
