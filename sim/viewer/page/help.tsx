/** The keys and the shapes, in a dialog. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { filterHelp } from '../model/filter.ts';
import { predicateHelp } from '../model/predicate.ts';
import { isHelpOpen } from './app-state.ts';
import { keys } from './keys.ts';

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => (isHelpOpen.value = false)}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {keys.map(({ keys: names, what }) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name === ' ' ? 'space' : name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>Shapes</h2>
      <p>
        ● a message · ◇ a timer · ◆ a client begins · ▬ a disk · ■ a fault · ★ begins to lead · ▲ a
        violation · ✕ lost · a thick lane leads, a dotted one is down, a dashed one is paused
      </p>
      <h2>Filter</h2>
      <p>
        <code>{filterHelp}</code>
      </p>
      <h2>Run until</h2>
      <p>
        <code>{predicateHelp}</code>
      </p>
      <form method="dialog">
        <button type="submit" class="primary">
          close
        </button>
      </form>
    </dialog>
  );
}
