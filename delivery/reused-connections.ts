/**
 * Tells of each call to a merchant whether it went out on a connection that had carried one before: what undici writes, it announces
 * together with the socket. Connections that are not known here, such as those to AWS, are passed over.
 */
import diagnostics from "node:diagnostics_channel";

/** undici, "Diagnostics Channel Support". */
const HEADERS_SENT = "undici:client:sendHeaders";

export interface ReusedConnections {
  /** A connection to a merchant was made. */
  opened(socket: object): void;
  stop(): void;
}

export function watchReusedConnections(reused: () => void): ReusedConnections {
  /** Whether each has carried a call. */
  const connections = new WeakMap<object, boolean>();
  const sent = (message: unknown): void => {
    const { socket } = message as { readonly socket: object };
    const hasCarried = connections.get(socket);
    if (hasCarried === true) reused();
    else if (hasCarried === false) connections.set(socket, true);
  };
  diagnostics.subscribe(HEADERS_SENT, sent);
  return {
    opened: (socket) => void connections.set(socket, false),
    stop: () => void diagnostics.unsubscribe(HEADERS_SENT, sent),
  };
}
