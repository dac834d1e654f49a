/** The passes, in the order in which they run: from what takes away most to what takes least. */
import type { Session } from '../session.ts';
import { fewerNodes } from './cluster.ts';
import { eachEvent, removePairs } from './events.ts';
import { eachFault, faultPairs } from './faults.ts';
import { smallerLies } from './lies.ts';
import { eachNode } from './nodes.ts';
import { eachClient, eachOperation } from './operations.ts';
import { eachTerm } from './terms.ts';
import { removeUnits, type Cut } from './units.ts';
import { simplifyValues } from './values.ts';
import { simplifyWorld } from './world.ts';

export interface Pass {
  /** What it looks at, for progress and reports. */
  readonly name: string;
  readonly run: (session: Session) => void;
}

export const passes: readonly Pass[] = [
  { name: 'world', run: simplifyWorld },
  units('faults', eachFault),
  units('clients', eachClient),
  units('operations', eachOperation),
  units('nodes', eachNode),
  units('terms', eachTerm),
  units('pairs of faults', faultPairs),
  units('events', eachEvent),
  { name: 'cluster', run: fewerNodes },
  { name: 'lies', run: smallerLies },
  { name: 'values', run: simplifyValues },
  { name: 'pairs of events', run: removePairs },
];

function units(name: string, cut: Cut): Pass {
  return { name, run: (session) => removeUnits(session, cut) };
}
