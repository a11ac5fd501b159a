/**
 * How a program reaches merchants: names, connections, and the watch on its own network. Whoever finds nobody at home
 * learns from it whether that was the merchant's fault or ours.
 */
import { isIP } from "node:net";
import { METRICS } from "../../settings/names.ts";
import type { AddressGuard } from "../../delivery/address-guard.ts";
import { EgressMonitor } from "../../delivery/egress-monitor.ts";
import { EgressProbe } from "../../delivery/egress-probe.ts";
import { guardedConnector, guardedReach } from "../../delivery/guarded-connector.ts";
import { Transports } from "../../delivery/transports.ts";
import { CachingResolver, resolverOf } from "../../delivery/name-resolver.ts";
import { sandboxPart } from "../../merchant/sandbox-limits.ts";
import { type Dial, dialler, type Endpoint } from "../../http/dial.ts";
import { ConnectionPools } from "../../http/connection-pools.ts";
import { proxyDialler } from "../../http/proxy-dial.ts";
import type { TransportName } from "../../http/transport.ts";
import { UndiciTransport } from "../../http/undici/undici-transport.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import type { PathTelemetry } from "../telemetry/path-telemetry.ts";

const MAX_POOLS = 1000;
/** For a connection that shows whether anybody can be reached. */
const PROBE_TIMEOUT_MS = 1400;
const EGRESS_FAULT = "our own egress is at fault";
/** Only who was reached shows that it is over. */
const EGRESS_WELL = "egress is well again";
/**
 * Nothing is called any more, or all refuse connections for so long that they are taken for down; the details say
 * which.
 */
const EGRESS_TAKEN_FOR_WELL = "our own egress is taken for well";

export interface EgressSide {
  readonly egress: EgressMonitor;
  /** Kept connections to merchants. */
  readonly transports: Transports;
  /** Those to merchants of the sandbox, of which nothing is told. */
  readonly sandboxTransports: Transports;
  /** To be told of whom others have reached lately. */
  readonly knows: (endpoint: Endpoint) => void;
}

export interface EgressSettings {
  readonly deadlineMs: number;
  readonly nameServers: readonly string[];
  /** For whoever needs none in particular. */
  readonly transport: TransportName;
  /** Through which everything goes out; empty for none. */
  readonly proxyUrl: string;
}

/** @param connected told of each connection that is made. @default nobody is */
export function egressSide(
  { deadlineMs, nameServers, transport, proxyUrl }: EgressSettings,
  guard: AddressGuard,
  { count, warn }: Pick<PathTelemetry, "count" | "warn">,
  { elapsedMs }: Pick<TaskClock, "elapsedMs">,
  connected: (endpoint: Endpoint) => void = () => undefined,
): EgressSide {
  const resolver: CachingResolver = new CachingResolver(
    deadlineMs,
    elapsedMs,
    resolverOf(deadlineMs, nameServers),
    undefined,
    { heard: (host, askedAt) => egress.heard(host, askedAt) },
  );
  const dialWithin = (timeoutMs: number): Dial =>
    proxyUrl === "" ? dialler(timeoutMs) : proxyDialler(proxyUrl, timeoutMs);
  const reach = guardedReach(guard, resolver, dialWithin(PROBE_TIMEOUT_MS));
  const egressProbe = new EgressProbe({ reach, now: elapsedMs });
  const egress = new EgressMonitor({
    now: elapsedMs,
    changed: (mode, details) =>
      warn(
        mode === "faulty" ? EGRESS_FAULT : details["because"] === "reached" ? EGRESS_WELL : EGRESS_TAKEN_FOR_WELL,
        details,
      ),
    probe: (except) => egressProbe.probe(except),
    isHeard: (host) => resolver.isHeard(host),
  });
  const reached = ({ origin, isTls, host, port }: Endpoint, beganAt: number) => {
    // Without whose certificate was shown.
    const endpoint = { origin, isTls, host, port };
    count(METRICS.connectionsOpened);
    egressProbe.connected(endpoint);
    connected(endpoint);
    egress.connected(origin, beganAt);
  };
  // A proxy is there for everything that goes out.
  const always = transport === "undici" ? "2" : proxyUrl === "" ? undefined : "1.1";
  const transportsTelling = (told: typeof reached, reused: () => void, maxPools: number): Transports => {
    const bounds = { maxPools, reused, now: elapsedMs };
    const connectorOf = (dial: Dial) => guardedConnector(guard, resolver, deadlineMs, elapsedMs, told, dial);
    const pools = new ConnectionPools({ connect: connectorOf(dialler(deadlineMs)), ...bounds });
    return new Transports(pools, () => new UndiciTransport(connectorOf(dialWithin(deadlineMs)), bounds), always);
  };
  const transports = transportsTelling(reached, () => count(METRICS.callsOnReusedConnection), MAX_POOLS);
  const sandboxTransports = transportsTelling(tellsNothing, tellsNothing, sandboxPart(MAX_POOLS));
  const knows = (endpoint: Endpoint) => {
    egressProbe.knows(endpoint);
    if (isIP(endpoint.host) === 0) egress.knows(endpoint.host);
  };
  return { egress, transports, sandboxTransports, knows };
}

function tellsNothing(): void {
  // Whom the sandbox reaches is no evidence of anything.
}
