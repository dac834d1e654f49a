/** What the clients saw: each operation as a bar from its call to its answer, in virtual time. */
import { milliseconds, valueText } from '../../trace/text.ts';
import type { Operation } from '../model/gathered.ts';
import { appliedAt } from '../model/applied.ts';
import { go } from './app-state.ts';
import type { Side } from './side.ts';

/** Operations that are listed: those around the step. */
const LISTED = 60;

export function ClientsPanel({ side }: { side: Side }) {
  void side.scanned.value;
  const { operations } = side.store.gathered;
  if (operations.length === 0) return <p class="quiet">No client asks anything in this run.</p>;
  const step = side.step.value;
  const at = operations.findIndex(({ index }) => index > step);
  const middle = at < 0 ? operations.length : at;
  const from = Math.max(0, Math.min(middle - LISTED / 2, operations.length - LISTED));
  const shown = operations.slice(from, from + LISTED);
  const first = shown[0]?.at ?? 0;
  const last = Math.max(first + 1, ...shown.map(({ end, at: begun }) => end?.at ?? begun));
  const place = (time: number) => `${((time - first) / (last - first)) * 100}%`;
  return (
    <div>
      <p>
        Operations {from + 1} to {from + shown.length} of {operations.length}. A tick marks where a
        node first applied it: between call and answer, or there is a reason to look.
      </p>
      <ul class="history">
        {shown.map((operation) => (
          <li key={`${operation.client} ${operation.sequence}`}>
            <button type="button" class="link" onClick={() => go(operation.index)}>
              {side.store.header.clients[operation.client]} #{operation.sequence}{' '}
              {commandText(operation)}
            </button>
            <span class="result"> {resultText(operation)}</span>
            <span class="track">
              <span
                class={`bar ${operation.end?.type ?? 'open'}`}
                style={{
                  left: place(operation.at),
                  right: `calc(100% - ${place(operation.end?.at ?? last)})`,
                }}
              />
              <Applied side={side} operation={operation} place={place} />
              <span class="now" style={{ left: place(nowOf(side, first, last)) }} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Applied(given: { side: Side; operation: Operation; place: (time: number) => string }) {
  const { side, operation, place } = given;
  const index = appliedAt(side.store, operation);
  if (index === null) return null;
  const at = side.store.columns.at[index] ?? 0;
  const title = `applied in step ${index}, ${milliseconds(at)}`;
  return (
    <button
      type="button"
      class="point"
      title={title}
      aria-label={title}
      style={{ left: place(at) }}
      onClick={() => go(index)}
    />
  );
}

function nowOf(side: Side, first: number, last: number): number {
  const at = side.store.columns.at[Math.max(0, side.step.value)] ?? 0;
  return Math.max(first, Math.min(last, at));
}

function commandText({ command }: Operation): string {
  const { type, ...fields } = command;
  return `${String(type)} ${Object.values(fields).map(String).join(' ')}`;
}

function resultText({ end }: Operation): string {
  if (end === null) return '… no answer';
  if (end.type === 'ok') return `→ ${valueText(end.value, 30)}`;
  return `${end.type === 'fail' ? '✕ failed' : '? unknown'}: ${String(end.value)}`;
}
