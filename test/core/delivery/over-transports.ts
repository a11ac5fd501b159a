/**
 * Both transports, for suites that hold over either. What undici cannot do as our own connections do is named where a
 * test expects something else of it, and in docs/understanding/limits.md.
 */
import { Transports } from "../../../core/delivery/transports.ts";
import { ConnectionPools, type ConnectionPoolsBounds } from "../../../core/http/connection-pools.ts";
import type { Connect } from "../../../core/http/dial.ts";
import { TRANSPORTS, type TransportName } from "../../../core/http/transport.ts";
import { UndiciTransport } from "../../../core/http/undici/undici-transport.ts";

export { TRANSPORTS, type TransportName };

/** Chosen as a program does, where the settings say `name`. */
export function transportsOver(
  name: TransportName,
  connect: Connect,
  bounds: Partial<ConnectionPoolsBounds> = {},
): Transports {
  const all = { maxPools: 10, ...bounds };
  return new Transports(
    new ConnectionPools({ connect, ...all }),
    () => new UndiciTransport(connect, all),
    name === "undici" ? "2" : undefined,
  );
}
