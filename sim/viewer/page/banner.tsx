/** What is wrong: the violation with its facts side by side, and what a file lacks. */
import { milliseconds } from '../../trace/text.ts';
import { divergence, go, problem, sides } from './app-state.ts';
import { toViolation } from './moves.ts';
import type { Side } from './side.ts';

export function Banners({ side }: { side: Side }) {
  const { store } = side;
  const parted = divergence.value;
  return (
    <>
      {problem.value !== null && (
        <p role="alert" class="banner bad-banner">
          {problem.value}
        </p>
      )}
      {side.problem !== null && (
        <p role="alert" class="banner warn-banner">
          ⚠ {side.problem}
        </p>
      )}
      {store.first > 0 && (
        <p class="banner warn-banner">
          ⚠ This page holds events {store.first} to {store.count - 1} of a run of {store.count}:
          <code> schism view </code> with the trace shows all of them.
        </p>
      )}
      {sides.value.length > 1 && (
        <p class="banner">
          {parted === null ? (
            'The two runs are the same.'
          ) : (
            <>
              The runs part at step{' '}
              <button type="button" class="link" onClick={() => go(parted)}>
                {parted}
              </button>
              . A + marks what only one of them has.
            </>
          )}
        </p>
      )}
      <Violation side={side} />
    </>
  );
}

function Violation({ side }: { side: Side }) {
  const { violation } = side.store;
  if (violation === null) return null;
  return (
    <section class="banner violation" aria-label="violation">
      <h2>
        <span aria-hidden="true">▲!</span> {violation.invariant} violated at{' '}
        <button type="button" class="link" onClick={toViolation}>
          step {violation.event}
        </button>
        , {milliseconds(violation.at)}
      </h2>
      <p>{violation.message}</p>
      <ol class="facts">
        {violation.facts.map(({ text, node, event }, i) => (
          <li key={i}>
            {node !== undefined && !text.includes(node) ? `${node}: ` : ''}
            {text}{' '}
            {event !== undefined && event < side.store.count && (
              <button type="button" class="link" onClick={() => go(event)}>
                step {event}
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
