/**
 * Opens connections to merchants. It resolves the name, checks every address and dials only addresses that it checked:
 * a `lookup` hook is no guard, since it is not called for literal addresses, and a second look-up could answer
 * differently (DNS rebinding). Those that may be called race for the connection (`address-race.ts`).
 */
import { isIP, type Socket } from "node:net";
import { type Abandon, type Connect, type Dial, dialler, type Dialled, type Endpoint } from "../http/dial.ts";
import type { AddressGuard } from "./address-guard.ts";
import { raceAddresses } from "./address-race.ts";
import { FailingAddresses } from "./failing-addresses.ts";
import type { NameResolver } from "./name-resolver.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** For which an address that is silent keeps one from being tried that was not yet. */
const PATIENCE = { share: 0.2, atMostMs: 2000 };

/** None of a name's addresses may be called. */
export class DestinationRefusedError extends PipelineError {
  override readonly name = "DestinationRefusedError";
  readonly code = "DESTINATION_REFUSED";
}

/** Its addresses are public; its port is not open to merchants (`delivery.allowPorts`). */
export class PortRefusedError extends PipelineError {
  override readonly name = "PortRefusedError";
  readonly code = "DESTINATION_PORT_REFUSED";
}

/** A connection came too late for the attempt that asked for it. */
export class ConnectedLateError extends PipelineError {
  override readonly name = "ConnectedLateError";
  readonly code = "CONNECTED_LATE";
}

/**
 * Nothing is sent on a connection that took longer than `timeoutMs` by the clock. Timers do not see to that: a process
 * that was stopped meanwhile (a paused task, a frozen machine) finds its connection ready before its timers have run,
 * and by then another worker may have delivered a newer version.
 *
 * @param timeoutMs for resolve, TCP and TLS together; the attempt's own deadline may end it sooner
 * @param now milliseconds since any moment, untouched by steps of the clock
 * @param connected told of each connection that was made, and when its opening began
 * @param dial opens a connection to one address. @default directly
 */
export function guardedConnector(
  guard: AddressGuard,
  resolver: NameResolver,
  timeoutMs: number,
  now: () => number,
  connected: (endpoint: Endpoint, beganAt: number) => void = () => undefined,
  dial: Dial = dialler(timeoutMs),
): Connect {
  const failing = new FailingAddresses(now);
  const patienceMs = Math.min(PATIENCE.atMostMs, timeoutMs * PATIENCE.share);
  return (endpoint, receive, dialled) => {
    const startedAt = now();
    const isLate = () => now() - startedAt > timeoutMs;
    let abandon: Abandon | undefined;
    let isAbandoned = false;
    const done: Dialled = (error, socket) => {
      if (isAbandoned) return;
      if (socket === undefined) return dialled(error, undefined);
      const tookMs = now() - startedAt;
      connected(endpoint, startedAt);
      if (tookMs <= timeoutMs) return dialled(undefined, socket);
      socket.destroy();
      return dialled(
        new ConnectedLateError(`connected after ${tookMs} ms, expected at most ${timeoutMs} ms`),
        undefined,
      );
    };
    addressesFor(endpoint, guard, resolver).then(
      (addresses) => {
        if (isAbandoned) return;
        const ended = (address: string, isHealthy: boolean) => failing.ended(endpoint.origin, address, isHealthy);
        const dialOne = (address: string, next: Dialled) =>
          dial(endpoint, address, receive, (error, socket) => {
            if (socket !== undefined && addresses.length > 1) whenUnanswered(socket, () => ended(address, false));
            next(error, socket);
          });
        const inOrder = failing.inOrder(endpoint.origin, addresses);
        abandon = raceAddresses(inOrder, { dial: dialOne, isLate, patienceMs, ended }, done);
      },
      (error: Error) => done(error, undefined),
    );
    return () => {
      isAbandoned = true;
      return abandon?.() ?? "resolving";
    };
  };
}

/**
 * Whether a TCP connection can be made to an address that may be called; it is closed at once.
 *
 * @param dial with a timeout of its own, which is for each address
 */
export function guardedReach(
  guard: AddressGuard,
  resolver: NameResolver,
  dial: Dial,
): (endpoint: Endpoint) => Promise<boolean> {
  return async (endpoint) => {
    try {
      const [address = ""] = await addressesFor(endpoint, guard, resolver);
      return await new Promise<boolean>((resolve) => {
        dial({ ...endpoint, isTls: false }, address, ignored, (_, socket) => {
          socket?.destroy();
          resolve(socket !== undefined);
        });
      });
    } catch {
      return false;
    }
  };
}

const ignored = (): void => undefined;

/**
 * A request went out and nothing came back: which no race of connections can tell, and the next connection may see to.
 */
function whenUnanswered(socket: Socket, tell: () => void): void {
  socket.once("close", () => {
    if (socket.bytesWritten > 0 && socket.bytesRead === 0) tell();
  });
}

/** At least one, each checked. @throws DestinationRefusedError or PortRefusedError when none may be called */
async function addressesFor(
  { isTls, host, port }: Endpoint,
  guard: AddressGuard,
  resolver: NameResolver,
): Promise<readonly string[]> {
  const mayBeCalled = (address: string) => (isTls ? guard.isAllowed(address, port) : guard.isListed(address, port));
  const addresses = isIP(host) === 0 ? await resolver.resolve(host, mayBeCalled) : [host];
  const allowed = addresses.filter(mayBeCalled);
  if (allowed.length > 0) return allowed;
  if (addresses.some((address) => guard.isClosedPort(address, port)))
    throw new PortRefusedError(
      `${host}:${port} has a port that may not be called, expected 443 or one in settings.delivery.allowPorts`,
    );
  throw new DestinationRefusedError(
    `${host}:${port} has no address that may be called, got ${addresses.join(", ") || "none"}`,
  );
}
