/** The replicated types by the names that options give them. */
import { gCounter, pnCounter } from './counters.ts';
import { lwwRegister } from './lww-register.ts';
import { mvRegister } from './mv-register.ts';
import { orSet } from './or-set.ts';
import { sequence } from './sequence.ts';
import type { ReplicatedType } from './type.ts';
import { versionVectors } from './version-vector.ts';

export const typeNames = [
  'lww-register',
  'mv-register',
  'version-vectors',
  'g-counter',
  'pn-counter',
  'or-set',
  'sequence',
] as const;

export type TypeName = (typeof typeNames)[number];

export type Types = { readonly [Name in TypeName]: ReplicatedType };

/** What each state is, is between its functions: nobody else looks into it. */
export const replicatedTypes: Types = {
  'lww-register': lwwRegister,
  'mv-register': mvRegister,
  'version-vectors': versionVectors(),
  'g-counter': gCounter,
  'pn-counter': pnCounter,
  'or-set': orSet,
  sequence,
};
