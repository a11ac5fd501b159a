/**
 * Opens connections to merchants. It resolves the name, checks every address and dials an address that it checked: a `lookup` hook
 * is no guard, since it is not called for literal addresses, and a second look-up could answer differently (DNS rebinding).
 */
import { isIP, type Socket } from "node:net";
import { buildConnector } from "undici";
import type { AddressGuard } from "./address-guard.ts";
import { withoutInterimAnswers } from "./interim-answers.ts";
import type { NameResolver } from "./name-resolver.ts";

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** None of a name's addresses may be called. */
export class DestinationRefusedError extends Error {
  readonly code = "DESTINATION_REFUSED";
}

/** A connection came too late for the attempt that asked for it. */
export class ConnectedLateError extends Error {
  readonly code = "CONNECTED_LATE";
}

/**
 * Nothing is sent on a connection that took longer than `timeoutMs` by the clock. Timers do not see to that: a process that was stopped
 * meanwhile (a paused task, a frozen machine) finds its connection ready before its timers have run, and by then another worker may
 * have delivered a newer version.
 *
 * @param timeoutMs for resolve, TCP and TLS together; the attempt's own deadline may end it sooner
 * @param now epoch milliseconds
 * @param connected told the origin of each connection that was made, and its socket
 */
export function guardedConnector(
  guard: AddressGuard,
  resolver: NameResolver,
  timeoutMs: number,
  now: () => number,
  connected: (origin: string, socket: Socket) => void = () => undefined,
): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false });
  return (options, answer) => {
    const startedAt = now();
    const callback: buildConnector.Callback = (...result) => {
      const tookMs = now() - startedAt;
      if (result[0] !== null) return answer(...result);
      connected(`${options.protocol}//${options.host ?? options.hostname}`, result[1]);
      if (tookMs <= timeoutMs) return answer(null, withoutInterimAnswers(result[1]));
      result[1].destroy();
      return answer(new ConnectedLateError(`connected after ${tookMs} ms, expected at most ${timeoutMs} ms`), null);
    };
    addressesFor(options, guard, resolver).then(
      (addresses) =>
        dialInTurn(
          addresses,
          (address, done) => connect({ ...options, hostname: address, ...serverName(options) }, done),
          callback,
        ),
      (error: Error) => callback(error, null),
    );
  };
}

type Dial = (address: string, done: buildConnector.Callback) => void;

/** The next address is tried when one does not answer; the attempt's deadline covers them all. */
function dialInTurn([address, ...others]: readonly string[], dial: Dial, callback: buildConnector.Callback): void {
  dial(address as string, (...result) => {
    if (result[0] !== null && others.length > 0) dialInTurn(others, dial, callback);
    else callback(...result);
  });
}

/** At least one, each checked. @throws DestinationRefusedError when none may be called */
async function addressesFor(
  options: buildConnector.Options,
  guard: AddressGuard,
  resolver: NameResolver,
): Promise<readonly string[]> {
  const host = withoutBrackets(options.hostname);
  const isTls = options.protocol === "https:";
  const port = Number(options.port) || (isTls ? HTTPS_PORT : HTTP_PORT);
  const addresses = isIP(host) === 0 ? await resolver.resolve(host) : [host];
  const allowed = addresses.filter((candidate) =>
    isTls ? guard.isAllowed(candidate, port) : guard.isListed(candidate, port),
  );
  if (allowed.length === 0)
    throw new DestinationRefusedError(
      `${host}:${port} has no address that may be called, got ${addresses.join(", ") || "none"}`,
    );
  return allowed;
}

/** TLS is asked for, and verified against, the name in the URL; a literal address is verified as such. */
function serverName(options: buildConnector.Options): { servername?: string } {
  const host = withoutBrackets(options.hostname);
  return isIP(host) === 0 && options.protocol === "https:" ? { servername: host } : {};
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}
