/** A tiny protocol with signatures, for tests of liars: nodes swear, and verify what they hear. */
import {
  defaultDisk,
  defaultNetwork,
  erase,
  nodeName,
  timed,
  World,
} from '../../sim/engine/index.ts';
import type { Effects, FaultAction, Plain, Protocol } from '../../sim/engine/index.ts';
import type { NodeId, Signature } from '../../sim/engine/index.ts';
import { makeLiars, performFault, Timeline, type OwnLies } from '../../sim/faults/index.ts';
import type { BehaviourName } from '../../sim/faults/index.ts';

export interface Statement {
  readonly view: number;
  readonly sequence: number;
  readonly digest: string;
}

interface Signed extends Statement {
  readonly signature: Signature;
}

/** `proofs` is a certificate: what others have sworn before. */
export type OathMessage =
  | (Signed & { readonly type: 'Oath'; readonly approve: boolean })
  | (Signed & { readonly type: 'ViewChange'; readonly proofs: readonly Signed[] });

export interface Heard extends Statement {
  readonly type: string;
  readonly from: NodeId;
  readonly proofs: number;
}

export interface OathState {
  sequence: number;
  /** What verified, and how often something did not. */
  heard: Heard[];
  refused: number;
  certificate: Signed[];
  at: number[];
}

const protocol: Protocol<OathState, OathMessage, 'swear' | 'patience', null> = {
  name: 'oath',
  paper: 'none',
  durable: ['sequence'],
  start(durable, _options, effects) {
    effects.setTimer('swear', 50, 50);
    effects.setTimer('patience', 80, 80);
    return { sequence: 0, heard: [], refused: 0, certificate: [], at: [], ...durable };
  },
  onMessage: {
    Oath: (state, from, message, effects) => hear(state, from, message, [], effects),
    ViewChange: (state, from, message, effects) =>
      hear(state, from, message, message.proofs, effects),
  },
  onTimer: {
    swear(state, effects) {
      effects.setTimer('swear', 50, 50);
      state.sequence++;
      effects.persist();
      const view = Math.floor(state.sequence / 10);
      const oath = signed(
        { view, sequence: state.sequence, digest: `d${state.sequence}` },
        effects,
      );
      const proofs = state.certificate.slice(-2);
      for (const to of effects.nodes) {
        if (to === effects.self) continue;
        effects.send(to, { type: 'Oath', ...oath, approve: state.sequence % 2 === 0 });
        effects.send(to, { type: 'ViewChange', ...oath, proofs });
      }
    },
    patience(_state, effects) {
      effects.setTimer('patience', 80, 80);
    },
  },
  onRequest() {},
  observe: ({ sequence }) => ({
    role: 'witness',
    epoch: 0,
    leads: false,
    leader: null,
    decided: sequence,
    applied: sequence,
    log: null,
  }),
};

export interface OathRun {
  readonly world: World;
  readonly faults: FaultAction[];
}

export interface OathSetup {
  readonly seed: string;
  readonly behaviours: readonly BehaviourName[];
  readonly liars?: readonly string[];
  readonly ppm?: number;
  readonly own?: OwnLies;
}

/** Four nodes; the liars (n2 unless said otherwise) begin at 200 ms. */
export function oathWorld({ seed, behaviours, liars = ['n2'], ppm, own }: OathSetup): OathRun {
  const often = ppm === undefined ? {} : { ppm };
  const fault = { kind: 'byzantine' as const, nodes: liars, behaviours, ...often };
  const world = new World(
    {
      seed,
      protocol: erase(protocol),
      options: null,
      nodes: 4,
      clients: null,
      network: { ...defaultNetwork, shape: 'fixed' },
      disk: { ...defaultDisk, syncUs: 0 },
      invariants: [],
      performFault,
      director: new Timeline([{ trigger: { type: 'at', us: 200_000 }, fault }]),
      adversary: makeLiars({ named: liars, drawn: 0, own: own ?? null }),
      initialDurable: null,
      careful: true,
    },
    timed,
  );
  const faults: FaultAction[] = [];
  world.observer = { afterEvent() {}, onFault: (done) => faults.push(done) };
  return { world, faults };
}

export function oathState(world: World, node: number): OathState {
  const { state } = world.nodes[node] as { state: OathState | null };
  if (state === null) throw new Error(`${nodeName(node)} is down`);
  return state;
}

function signed(statement: Statement, effects: Effects<OathMessage, 'swear' | 'patience'>): Signed {
  return { ...statement, signature: effects.sign(statement as unknown as Plain) };
}

function hear(
  state: OathState,
  from: NodeId,
  message: OathMessage,
  proofs: readonly Signed[],
  effects: Effects<OathMessage, 'swear' | 'patience'>,
): void {
  const verifies = ({ view, sequence, digest, signature }: Signed, signer?: NodeId) =>
    (signer === undefined || signature.signer === signer) &&
    effects.verify(signature, { view, sequence, digest });
  if (!verifies(message, from) || !proofs.every((proof) => verifies(proof))) {
    state.refused++;
    return;
  }
  const { type, view, sequence, digest, signature } = message;
  state.heard.push({ type, from, view, sequence, digest, proofs: proofs.length });
  state.at.push(effects.now());
  if (type === 'Oath') state.certificate.push({ view, sequence, digest, signature });
}
