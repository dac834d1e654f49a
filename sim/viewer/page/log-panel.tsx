/** The logs of all nodes as a table: terms in colour and number, decided ones in solid borders. */
import { useEffect, useRef } from 'preact/hooks';
import { logGridOf, type LogCell, type LogRow } from '../model/log-grid.ts';
import { termColour } from './colours.ts';
import type { Side } from './side.ts';

export function LogPanel({ side }: { side: Side }) {
  const grid = logGridOf(side.store.header.nodes, side.cluster.value);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The end of the logs is what matters now.
    box.current?.scrollTo({ left: box.current.scrollWidth });
  }, [grid?.to]);
  if (grid === null) return <p class="quiet">No node of this protocol keeps a log.</p>;
  const positions = Array.from({ length: grid.to - grid.from + 1 }, (_, i) => grid.from + i);
  return (
    <div>
      <div class="log" ref={box} tabIndex={0} role="region" aria-label="logs of all nodes">
        <table>
          <thead>
            <tr>
              <th scope="col">node</th>
              {positions.map((position) => (
                <th key={position} scope="col">
                  {position}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.rows.map((row) => (
              <Row key={row.node} row={row} positions={positions} />
            ))}
          </tbody>
        </table>
      </div>
      <Progress rows={grid.rows} />
      <p class="quiet">
        Solid border: decided, as far as the node knows. Dashed: not yet. Double border and ≠:
        another node has something else there. C commit, A applied.
      </p>
    </div>
  );
}

function Row({ row, positions }: { row: LogRow; positions: readonly number[] }) {
  const cells = new Map(row.cells.map((cell) => [cell.position, cell]));
  return (
    <tr class={row.status}>
      <th scope="row">
        {row.node}
        <small>
          {row.status === 'up' ? row.role : row.status} {row.epoch < 0 ? '' : `t${row.epoch}`}
        </small>
        {row.status === 'up' && <small>{`C${row.commit} A${row.applied}`}</small>}
      </th>
      {positions.map((position) => (
        <td key={position}>
          {position <= row.base ? (
            <span class="folded">▤</span>
          ) : (
            <Cell cell={cells.get(position)} />
          )}
          <small class="marks">
            {position === row.commit ? 'C' : ''}
            {position === row.applied ? 'A' : ''}
          </small>
        </td>
      ))}
    </tr>
  );
}

function Cell({ cell }: { cell: LogCell | undefined }) {
  if (cell === undefined) return null;
  const { term, text, isDecided, conflicts, votes } = cell;
  const colour = term === null ? 'var(--faint)' : termColour(term);
  const sort = `entry ${isDecided ? 'decided' : 'open'} ${conflicts ? 'conflict' : ''}`;
  return (
    <span class={sort} style={{ borderColor: colour }} title={`${text} ${votes}`}>
      <b>
        {conflicts ? '≠' : ''}
        {term ?? '·'}
      </b>
      <small>{text}</small>
      {votes !== '' && <small>{votes}</small>}
    </span>
  );
}

function Progress({ rows }: { rows: readonly LogRow[] }) {
  const leaders = rows.filter(({ match, role }) => match.length > 0 && role === 'leader');
  return (
    <>
      {leaders.map(({ node, match }) => (
        <p key={node}>
          What {node} knows of the others:{' '}
          {match.map((one) => `${one.node} match ${one.match} next ${one.next}`).join(' · ')}
        </p>
      ))}
    </>
  );
}
