/** The panel at the side: one tab for each question about the step. */
import type { JSX } from 'preact';
import { side, tab, tabs, type Tab } from './app-state.ts';
import { ClientsPanel } from './clients-panel.tsx';
import { ForkPanel } from './fork-panel.tsx';
import { LogPanel } from './log-panel.tsx';
import { MessagePanel } from './message-panel.tsx';
import { PendingPanel } from './pending-panel.tsx';
import { ScenarioPanel } from './scenario-panel.tsx';
import type { Side } from './side.ts';
import { StatePanel } from './state-panel.tsx';
import { WhyPanel } from './why-panel.tsx';

const panels: Readonly<Record<Tab, (given: { side: Side }) => JSX.Element | null>> = {
  state: StatePanel,
  log: LogPanel,
  message: MessagePanel,
  why: WhyPanel,
  pending: PendingPanel,
  clients: ClientsPanel,
  fork: ForkPanel,
  scenario: ScenarioPanel,
};

export function Inspector() {
  const own = side.value;
  if (own === null) return null;
  const Panel = panels[tab.value];
  return (
    <aside class="inspector" aria-label="inspector">
      <div role="tablist" aria-label="what to look at" onKeyDown={onArrow}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab.value === name}
            aria-controls="panel"
            tabIndex={tab.value === name ? 0 : -1}
            onClick={() => (tab.value = name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        <Panel side={own} />
      </div>
    </aside>
  );
}

function onArrow(event: KeyboardEvent): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  const next = (tabs.indexOf(tab.value) + by + tabs.length) % tabs.length;
  tab.value = tabs[next] as Tab;
  document.getElementById(`tab-${tab.value}`)?.focus();
}
