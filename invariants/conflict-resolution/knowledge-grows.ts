/** A replica never forgets: its states only go up (Shapiro et al., SSS 2011, §2.2). */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { changeOf, includes, nameOf, type Before } from './replicas.ts';

export const knowledgeGrows: Invariant = {
  id: 'conflict-resolution/knowledge-grows',
  title: 'while it runs, a replica never loses an update that it has had',
  source: 'Shapiro et al., SSS 2011, §2.2: updates and merges are inflations',
  create: () => new KnowledgeGrows(new Map()),
};

/** O(keys) after an event that changed a replica, else O(1). */
class KnowledgeGrows implements Monitor {
  private readonly seen: Map<number, Before>;

  constructor(seen: Map<number, Before>) {
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const change = changeOf(world, node, this.seen);
    if (change === null) return null;
    for (const [key, item] of change.before.entries()) {
      const now = change.state.items.get(key);
      if (now === item || includes(now?.updates, item.updates)) continue;
      const name = nameOf(world, node);
      const [had, has] = [item.updates, now?.updates ?? {}].map((one) => JSON.stringify(one));
      return {
        message: `${name} had the updates ${had} of ${key} and has only ${has} now`,
        facts: [
          { text: `${name} had ${had}`, node: name },
          { text: `${name} has ${has}`, node: name, event: world.eventIndex },
        ],
      };
    }
    return null;
  }

  fork(): KnowledgeGrows {
    return new KnowledgeGrows(new Map(this.seen));
  }
}
