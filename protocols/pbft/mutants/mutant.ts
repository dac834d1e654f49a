/** What a PBFT mutant is: its rules and its options; and the beginnings that scripts share. */
import type { Mutant } from '../../common/mutant.ts';
import type { PbftOptions } from '../options.ts';
import type { PbftRules } from '../rules.ts';

export interface PbftMutant extends Mutant {
  readonly rules?: Partial<PbftRules>;
  readonly options?: Partial<PbftOptions>;
}

export const AGREEMENT = 'pbft/agreement';
export const CHECKPOINTS = 'pbft/checkpoint-agreement';
export const COMMITTED = 'pbft/committed-is-prepared';
export const KEPT = 'pbft/certificate-kept';
export const LIVE = 'pbft/liveness';
export const NEW_VIEW = 'pbft/new-view-justified';
export const ONCE = 'pbft/executed-once';
export const VALIDITY = 'pbft/validity';

/** `deliver n2<-n1 Prepare view=0` for each pair of receiver and sender. */
function delivered(what: string, pairs: readonly string[]): string[] {
  return pairs.map((pair) => `deliver ${pair} ${what}`);
}

/** The primary's pre-prepare reaches both backups, and all three are prepared. */
export function prepared(view: number, primary: string, a: string, b: string, seq = 1): string[] {
  const where = `view=${view} seq=${seq}`;
  return [
    ...delivered(`PrePrepare ${where}`, [`${a}<-${primary}`, `${b}<-${primary}`]),
    ...delivered(`Prepare ${where}`, [
      `${a}<-${b}`,
      `${b}<-${a}`,
      `${primary}<-${a}`,
      `${primary}<-${b}`,
    ]),
  ];
}

/** Two others' commits make `at` execute. */
export function committed(view: number, at: string, a: string, b: string, seq = 1): string[] {
  return delivered(`Commit view=${view} seq=${seq}`, [`${at}<-${a}`, `${at}<-${b}`]);
}

/** n3 and n4 give up n1 and then n2; n1 joins them; n3 begins view 2 without n2. */
export const view2WithoutN2: readonly string[] = [
  'request n3 put y 2',
  'request n4 put y 3',
  'fire n3 view-change',
  'fire n4 view-change',
  ...delivered('ViewChange view=1', ['n1<-n3', 'n1<-n4', 'n3<-n4', 'n3<-n1', 'n4<-n3', 'n4<-n1']),
  'fire n3 view-change',
  'fire n4 view-change',
  ...delivered('ViewChange view=2', ['n1<-n3', 'n1<-n4', 'n3<-n4', 'n3<-n1']),
  ...delivered('NewView', ['n4<-n3', 'n1<-n3']),
];

/** n4 executes what n3, in view 2, has put at number 1. */
export const view2Commits: readonly string[] = [
  ...prepared(2, 'n3', 'n1', 'n4'),
  ...committed(2, 'n4', 'n1', 'n3'),
];

/** n2, n3 and n4 give up n1, and n2 begins view 1. */
export const view1WithoutN1: readonly string[] = [
  'request n2 put y 2',
  'request n3 put y 3',
  'fire n2 view-change',
  'fire n3 view-change',
  ...delivered('ViewChange view=1', ['n4<-n2', 'n4<-n3', 'n2<-n3', 'n2<-n4']),
  ...delivered('NewView', ['n3<-n2', 'n4<-n2']),
];
