/** The rules of view changes: Castro and Liskov, §4.4 and §4.5.2. */
import type { MessageLog } from './message-log.ts';
import type { NewView, PreparedCertificate, ViewChange } from './messages.ts';
import type { PbftOptions } from './options.ts';

/** No timeout doubles more often: it would be longer than any run. */
const MOST_DOUBLINGS = 12;

export const viewChangeRules = {
  /** §4.4: P, a certificate for each request that prepared behind the stable checkpoint. */
  preparedSince: (slots: MessageLog, stable: number): readonly PreparedCertificate[] =>
    slots
      .list()
      .filter(({ sequence }) => sequence > stable)
      .flatMap(({ certificate }) => (certificate === null ? [] : [certificate])),

  /** §4.5.2: each view change in a row waits twice as long as the one before. */
  timeoutMs: ({ viewChangeMs }: PbftOptions, failures: number): number =>
    viewChangeMs << Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1)),

  /**
   * §4.5.2: who sees f + 1 replicas in later views joins them, in the smallest of these views: one
   * of them is correct. Null: stays.
   */
  viewToJoin: (view: number, faults: number, viewChanges: readonly ViewChange[]): number | null => {
    const later = viewChanges.filter((message) => message.view > view);
    if (later.length <= faults) return null;
    return later.reduce((least, message) => Math.min(least, message.view), Infinity);
  },

  /** §4.4: min-s, the latest stable checkpoint in V. */
  lowSequence: (viewChanges: readonly ViewChange[]): number =>
    viewChanges.reduce((most, { stable }) => Math.max(most, stable), 0),

  /** §4.4: of several certificates for a number, the one of the highest view counts. */
  chooses: (certificates: readonly PreparedCertificate[]): PreparedCertificate | undefined =>
    certificates.reduce<PreparedCertificate | undefined>(
      (best, one) =>
        best === undefined || one.prePrepare.view > best.prePrepare.view ? one : best,
      undefined,
    ),

  /** §4.4: a number for which nothing prepared gets a null request, so that no gap remains. */
  fillsGaps: true,

  /** §4.4: whether a VIEW-CHANGE is checked, certificate by certificate. */
  checksViewChange: (_message: ViewChange): boolean => true,

  /** §4.4: whether a backup makes O itself before it believes a NEW-VIEW. */
  checksNewView: (_message: NewView): boolean => true,

  /** §4.4: a replica behind min-s goes on only once it has the state that it lacks. */
  skipsMissingState: false,

  /** §4.4: what a NEW-VIEW makes stale goes when it has been found valid, not before. */
  discardsBeforeChecking: false,

  /** §4.4: what O assigns, the new primary does not assign again. */
  knowsOrders: true,
};
