/**
 * Tells of each call whether it went out on a connection that had carried one before: what undici writes, it announces together with the
 * socket. Calls that never came so far are neither.
 */
import diagnostics from "node:diagnostics_channel";

/** undici, "Diagnostics Channel Support". */
const HEADERS_SENT = "undici:client:sendHeaders";

/** @returns stops the telling */
export function watchReusedConnections(reused: () => void): () => void {
  const known = new WeakSet<object>();
  const sent = (message: unknown): void => {
    const { socket } = message as { readonly socket: object };
    if (known.has(socket)) reused();
    else known.add(socket);
  };
  diagnostics.subscribe(HEADERS_SENT, sent);
  return () => void diagnostics.unsubscribe(HEADERS_SENT, sent);
}
