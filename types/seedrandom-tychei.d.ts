/** Types of the one generator of seedrandom we use; the package types only its main entry. */

declare module 'seedrandom/lib/tychei.js' {
  /** Four 32-bit words: the whole state of the generator, as plain data. */
  export interface TycheiState {
    a: number;
    b: number;
    c: number;
    d: number;
  }

  /** A generator; calling it gives a float in [0, 1) with 32 random bits. */
  export interface Tychei {
    (): number;
    /** A float in [0, 1) with 53 random bits. */
    double(): number;
    /** A signed 32-bit integer. */
    int32(): number;
    /** The present state; exists only when the generator was made with the `state` option. */
    state(): TycheiState;
  }

  /** The seed is always a string: tychei(1) and tychei('1') differ. */
  export default function tychei(
    seed: string,
    options?: { readonly state?: true | TycheiState },
  ): Tychei;
}
