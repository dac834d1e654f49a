/** From a protocol with its own types to one that the engine handles. */
import type { AnyMessage, AnyProtocol, Protocol } from './protocol.ts';

/**
 * Forgets a protocol's type parameters. Sound because the engine only ever hands a protocol the
 * states and messages that this same protocol made.
 */
export function erase<S extends object, M extends AnyMessage, T extends string, O>(
  protocol: Protocol<S, M, T, O>,
): AnyProtocol {
  return protocol as unknown as AnyProtocol;
}
