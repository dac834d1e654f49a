/** The event itself: what it carries, where it came from, what it led to. */
import { labelOf } from '../../trace/format.ts';
import { milliseconds } from '../../trace/text.ts';
import { sentBy } from '../model/arrows.ts';
import { go } from './app-state.ts';
import { dropThis } from './fork-state.ts';
import type { Side } from './side.ts';
import { Step } from './step-link.tsx';

export function MessagePanel({ side }: { side: Side }) {
  const { event } = side;
  if (event === null) return <p class="quiet">The run has not begun.</p>;
  const { at, cause, previous, from, actor, payload, kind } = event;
  const effects = side.effects.value;
  const sent = effects === null ? [] : sentBy(side.store, effects, event.index);
  const timers = effects === null ? [] : [...effects.of(event.index)];
  const others = timers.filter((index) => !sent.some(({ toEvent }) => toEvent === index));
  const sentAt = cause === undefined ? undefined : side.store.columns.at[cause];
  const isMessage = from !== undefined;
  return (
    <div>
      <h3>{labelOf(event)}</h3>
      <dl>
        <dt>{isMessage ? 'received' : 'happens'}</dt>
        <dd>
          {milliseconds(at)} at {side.nameOf(actor)}
          {event.lost === true ? ', which is down: it is lost' : ''}
        </dd>
        {cause !== undefined && sentAt !== undefined && (
          <>
            <dt>{isMessage ? 'sent' : 'made'}</dt>
            <dd>
              {milliseconds(sentAt)} in <Step side={side} index={cause} />
            </dd>
            <dt>{isMessage ? 'on its way' : 'waited'}</dt>
            <dd>{milliseconds(at - sentAt)}</dd>
          </>
        )}
        {previous !== undefined && (
          <>
            <dt>before it at {side.nameOf(actor)}</dt>
            <dd>
              <Step side={side} index={previous} />
            </dd>
          </>
        )}
      </dl>
      {(kind === 'message' || kind === 'request' || kind === 'response') && (
        <p>
          <button type="button" onClick={() => dropThis(side)}>
            What if it had been lost?
          </button>
        </p>
      )}
      {payload !== undefined && payload !== null && (
        <>
          <h3>What it carries</h3>
          <pre tabIndex={0}>{JSON.stringify(payload, null, 1)}</pre>
        </>
      )}
      {sent.length > 0 && <h3>What it sent</h3>}
      <ul>
        {sent.map((arrow, i) => (
          <li key={i}>
            {arrow.type} to {side.nameOf(arrow.to)}:{' '}
            {arrow.fate === 'dropped' && '✕ lost: ' + ruleOf(side, event.index, arrow.to)}
            {arrow.fate === 'open' && 'on its way when the run ended'}
            {arrow.toEvent !== null && <Step side={side} index={arrow.toEvent} />}
            {arrow.fate === 'lost' && ' (the node is down)'}
            {arrow.isTwin && ' (a second copy)'}
          </li>
        ))}
      </ul>
      {others.length > 0 && <h3>What else follows from it</h3>}
      <ul>
        {others.slice(0, 20).map((index) => (
          <li key={index}>
            <Step side={side} index={index} />
          </li>
        ))}
      </ul>
      {(event.logs ?? []).map(({ node, event: log }, i) => (
        <p key={i}>
          <button type="button" class="link" onClick={() => go(event.index)}>
            log
          </button>{' '}
          {side.nameOf(node)}: <code>{log.event}</code> {JSON.stringify(log.context ?? {})}
        </p>
      ))}
    </div>
  );
}

/** The rule that lost a message. */
function ruleOf(side: Side, index: number, to: number): string {
  const sends = side.store.event(index).sends ?? [];
  return sends.find((send) => send.to === to && send.dropped !== undefined)?.dropped ?? '';
}
