/** The state of one node at the step: what the event changed, then all of it. */
import { pathText, valueText } from '../../trace/text.ts';
import { valueAt } from '../model/project.ts';
import { changesOf, treeOf } from '../model/state-diff.ts';
import { writeOf } from '../model/writes.ts';
import { go, node, say } from './app-state.ts';
import type { Side } from './side.ts';

export function StatePanel({ side }: { side: Side }) {
  const { store, states } = side;
  const { nodes } = store.header;
  const index = side.step.value;
  const own = store.columns.actor[index] ?? 0;
  const changes = changesOf(store, states, index);
  const changedNode = changes[0]?.node;
  const fallback = own >= 0 && own < nodes.length ? nodes[own] : (changedNode ?? nodes[0]);
  const name = nodes.includes(node.value) ? node.value : (fallback ?? '');
  const number = nodes.indexOf(name);
  const shown = side.cluster.value[number];
  const changed = new Set(
    changes.filter((one) => one.node === name).map(({ path }) => pathText(path)),
  );
  return (
    <div>
      <h3>What this step changed</h3>
      {changes.length === 0 && <p class="quiet">No state of a node.</p>}
      <ul class="changes">
        {changes.map(({ node: whose, path, text, kind, before, after }) => (
          <li key={`${whose} ${text}`} class={kind}>
            <span class="sign">{SIGNS[kind]}</span>
            <code>
              {whose} {text}
            </code>
            <Writes side={side} number={nodes.indexOf(whose)} path={path} />
            {kind !== 'added' && <del>{valueText(before, 90)}</del>}
            {kind !== 'removed' && <ins>{valueText(after, 90)}</ins>}
          </li>
        ))}
      </ul>
      <h3>
        State of{' '}
        <select
          aria-label="node"
          value={name}
          onChange={(event) => (node.value = event.currentTarget.value)}
        >
          {nodes.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>{' '}
        {shown?.status === 'up' ? '' : shown?.status}
      </h3>
      {shown?.state === null ? (
        <p class="quiet">It is down: nothing of it is in memory.</p>
      ) : (
        <ul class="tree">
          {treeOf(valueAt(shown, ['state']), changed).map((line) => (
            <li
              key={pathText(line.path)}
              class={line.isChanged ? 'changed' : ''}
              style={{ paddingLeft: `${line.depth * 14}px` }}
            >
              <button
                type="button"
                class="field"
                title="last write of this field"
                onClick={() => jump(side, -1, number, line.path)}
              >
                {line.name}
              </button>
              {line.value === '' ? '' : ': '}
              <code>{line.value.length > 120 ? `${line.value.slice(0, 119)}…` : line.value}</code>
              {line.isChanged && <span class="mark"> ◂ changed</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const SIGNS = { added: '+', removed: '−', replaced: '±' } as const;

function Writes(given: { side: Side; number: number; path: readonly (string | number)[] }) {
  const { side, number, path } = given;
  return (
    <span class="writes">
      <button
        type="button"
        title="last write of this field"
        aria-label={`last write of ${pathText(path)}`}
        onClick={() => jump(side, -1, number, path)}
      >
        ←
      </button>
      <button
        type="button"
        title="next write of this field"
        aria-label={`next write of ${pathText(path)}`}
        onClick={() => jump(side, 1, number, path)}
      >
        →
      </button>
    </span>
  );
}

function jump(
  side: Side,
  direction: -1 | 1,
  number: number,
  path: readonly (string | number)[],
): void {
  const found = writeOf(side.store, side.step.value, direction, number, path);
  const where = direction < 0 ? 'before' : 'after';
  if (found === null) say(`${pathText(path)} is not written ${where} this step`);
  else go(found);
}
