/**
 * The part of a program that has to do with merchants: who they are, whether they may be called now, and the call
 * itself. Both queues share it.
 */
import { getHeapStatistics } from "node:v8";
import { MerchantHealthTable } from "../../aws/merchant-health-table.ts";
import { MerchantsAndHealth } from "../../aws/merchants-and-health.ts";
import { MerchantsTable } from "../../aws/merchants-table.ts";
import { SandboxMerchants } from "../../aws/sandbox-merchants.ts";
import { AddressGuard, type GuardLists } from "../../delivery/address-guard.ts";
import { BoundedWait } from "../../delivery/bounded-wait.ts";
import type { AccessToken } from "../../delivery/oauth2/access-tokens.ts";
import type { EgressMonitor } from "../../delivery/egress-monitor.ts";
import { MerchantHealthDirectory } from "../../delivery/admission/merchant-health-directory.ts";
import { LatencyBaseline } from "../../delivery/admission/latency-baseline.ts";
import type { Endpoint } from "../../http/dial.ts";
import { KeyRing } from "../../delivery/key-ring.ts";
import { MerchantCache } from "../../delivery/merchant-cache.ts";
import { MerchantDirectory } from "../../delivery/merchant-directory.ts";
import { MerchantPrefetch } from "../../delivery/merchant-prefetch.ts";
import { parseDestination } from "../../delivery/destination.ts";
import { prepareCall } from "../../delivery/prepare.ts";
import type { CalledMerchants } from "../calls/called-merchants.ts";
import { Copies } from "../copies/copies.ts";
import type { DependencyBreaker } from "../tables/dependency-breaker.ts";
import type { MerchantsPort } from "../ports.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import type { Connections } from "../connections.ts";
import type { PathTelemetry } from "../telemetry/path-telemetry.ts";
import { type EgressSettings, egressSide } from "./egress-side.ts";
import { EnvironmentSide } from "./environment-side.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import { type SandboxLimits, sandboxPart } from "../../merchant/sandbox-limits.ts";
import type { CircuitPolicy } from "../../merchant/merchant-health.ts";
import { parseMasterKeys } from "../../signing/signature.ts";
import { watchedRows } from "../tables/watched-reads.ts";

/** Of a program's environment. */
export interface MerchantSideEnvironment extends EgressSettings, GuardLists {
  readonly merchantsTable: string;
  readonly merchantGatesTable: string;
  /** As JSON. */
  readonly masterKeys: string;
  readonly circuit: CircuitPolicy;
  /** Of each merchant of the sandbox. */
  readonly sandbox: SandboxLimits;
  readonly maxBodyBytes: number;
  readonly resendOnClosedConnection: boolean;
  /** Calls that the program has in flight at most: of each of the two queues. */
  readonly window: number;
  readonly orderedWindow: number;
}

export interface MerchantSideOptions {
  readonly env: MerchantSideEnvironment;
  readonly connections: Pick<Connections, "dynamodb" | "toTable" | "openSecret" | "copies">;
  /** Told how reads of merchants and health rows end. */
  readonly breaker: Pick<DependencyBreaker, "begin" | "ended" | "dropped">;
  readonly telemetry: Pick<PathTelemetry, "count" | "warn">;
  readonly clock: Pick<TaskClock, "now" | "elapsedMs" | "random" | "pause">;
  /** Told of each connection that is made to a merchant. @default nobody is */
  readonly connected?: (endpoint: Endpoint) => void;
}

export interface MerchantSide {
  readonly port: MerchantsPort;
  /** For who listens. Undefined where nobody can. */
  readonly copies: Copies | undefined;
  /** For calls that somebody asked for by hand. */
  readonly calls: CalledMerchants;
  readonly egress: EgressMonitor;
  readonly healthDirectory: MerchantHealthDirectory;
  /** Reads health rows as everything here does. */
  readonly healthTable: Pick<MerchantHealthTable, "read">;
  /** Reads something of both tables. Rejects when it cannot. */
  readonly probe: (merchantId: string) => Promise<unknown>;
  readonly prefetch: MerchantPrefetch;
  /** For all programs. Never rejects. */
  readonly openCircuit: (merchantId: string) => Promise<void>;
  /** To be told of whom others have reached lately. */
  readonly knows: (endpoint: Endpoint) => void;
  /** Takes note of stalls of this process until the result is called. */
  readonly watchStalls: () => () => void;
  /** Says of a call what took how long: the process itself, and others of late. */
  readonly baseline: Pick<LatencyBaseline, "isLate" | "withoutOwn">;
  /** Calls in flight fail; neither connections nor timers are left. */
  readonly close: () => void;
}

export function merchantSide(options: MerchantSideOptions): MerchantSide {
  const { env, connections, breaker, telemetry, clock } = options;
  const { dynamodb, toTable, openSecret } = connections;
  const { count, warn } = telemetry;
  const { now, elapsedMs } = clock;
  const { deadlineMs, maxBodyBytes } = env;
  const masterKeys = parseMasterKeys(env.masterKeys);
  const guard = AddressGuard.of(env);
  const cache = MerchantCache.thatFit(getHeapStatistics().heap_size_limit);
  const merchantsTable = new MerchantsTable(dynamodb, env.merchantsTable, toTable);
  const watchedMerchants = watchedRows(merchantsTable, "merchants", breaker);
  const merchants = new MerchantDirectory(watchedMerchants, masterKeys, now, cache, elapsedMs, env.sandbox);
  const healthTable = new MerchantHealthTable(dynamodb, env.merchantGatesTable, toTable);
  const watchedHealth = watchedRows(healthTable, "gates", breaker);
  const healthDirectory = new MerchantHealthDirectory(watchedHealth, elapsedMs, cache);
  const names = { merchants: env.merchantsTable, health: env.merchantGatesTable };
  const table = new MerchantsAndHealth(dynamodb, names, toTable);
  const { egress, transports, sandboxTransports, knows } = egressSide(env, guard, telemetry, clock, options.connected);
  const baseline = new LatencyBaseline(elapsedMs);
  // Each for itself: a silent KMS must not take the places of those that wait for a token of the rate.
  const window = env.window + env.orderedWindow;
  const keyRing = new KeyRing({ masterKeys, openSecret, wait: new BoundedWait({ window }), warn, now, elapsedMs });
  const isOurs: EgressMonitor["isOurs"] = (origin, beganAt, outcome, endedAt) =>
    egress.isOurs(origin, beganAt, outcome, endedAt);
  const ofBoth = { healthTable, healthDirectory, cache, baseline, guard, keyRing, warn, clock };
  const live = new EnvironmentSide({
    ...ofBoth,
    env: { ...env, window, waitingWindow: env.window },
    transports,
    isOurs,
    count,
  });
  const sandbox = new EnvironmentSide({
    ...ofBoth,
    // Its responses say nothing of what live merchants take.
    baseline: {
      responded: () => undefined,
      isLate: (tookMs) => baseline.isLate(tookMs),
      withoutOwn: (tookMs) => baseline.withoutOwn(tookMs),
      stalledMsSince: (startedAt) => baseline.stalledMsSince(startedAt),
    },
    env: { ...env, window: sandboxPart(window), waitingWindow: sandboxPart(env.window) },
    transports: sandboxTransports,
    isOurs: (origin, beganAt, outcome) => egress.isOursByOthers(origin, beganAt, outcome),
    count: countsNothing,
  });
  const sideOf = ({ environment }: Pick<Merchant, "environment">) => (environment === undefined ? live : sandbox);
  // As it was when it was called, a moment ago.
  const sideOfId = (merchantId: string) => sideOf(cache.get(merchantId)?.merchant?.merchant ?? {});
  const sandboxMerchants = new SandboxMerchants({ merchants: merchantsTable, warn, now: elapsedMs });
  const prepareOptions = { merchants, guard, deadlineMs, maxBodyBytes };
  const openCircuit = (merchantId: string) => sideOfId(merchantId).admission.openCircuit(merchantId);
  const ofAny = {
    credentialsOf: (merchant: Merchant) => sideOf(merchant).credentials.of(merchant),
    tokenRefused: (token: AccessToken) => {
      live.credentials.refused(token);
      sandbox.credentials.refused(token);
    },
    isOurs,
    isOursInSandbox: sandbox.isOurs,
  };
  const kept = connections.copies;
  const copies =
    kept &&
    new Copies({ append: (...given) => kept.append(...given), count, warn, now, elapsedMs, pause: clock.pause });
  return {
    port: {
      prepare: (row) => prepareCall(row, prepareOptions),
      call: (call) => sideOf(call.merchant).call(call),
      enter: (merchant, destination) => sideOf(merchant).admission.enter(merchant, destination),
      enterBehind: (merchant, destination) => sideOf(merchant).admission.enterBehind(merchant, destination),
      disable: (merchantId, destination, why) => sideOfId(merchantId).admission.disable(merchantId, destination, why),
      healthOf: (merchantId) => live.admission.healthOf(merchantId),
      markWaiting: (merchantId, reason) => live.admission.markWaiting(merchantId, reason),
      isSandbox: async (merchantId) =>
        merchantId !== undefined && merchants.isKnown(merchantId)
          ? sideOfId(merchantId) === sandbox
          : sandboxMerchants.isOne(merchantId),
      whyResting: (merchant) => sideOf(merchant).credentials.whyResting(merchant),
      ...ofAny,
      copies,
    },
    copies,
    calls: {
      get: (merchantId) => merchants.getNew(merchantId),
      destinationOf: (url) => parseDestination(url, guard),
      takeRoom: (merchant, destination) => sideOf(merchant).admission.takeRoom(merchant, destination),
      call: (call) => sideOf(call.merchant).recordedCall(call),
      ...ofAny,
      copies,
    },
    egress,
    healthDirectory,
    healthTable: watchedHealth,
    probe: async (merchantId) => {
      const { merchants: rows, health: found } = await table.read([merchantId], [merchantId]);
      if (rows.unread.size + found.unread.size > 0) throw new Error("merchants or gates are throttled");
    },
    prefetch: new MerchantPrefetch({ table, merchants, healthDirectory, now: elapsedMs }),
    openCircuit,
    watchStalls: () => baseline.watch(),
    knows,
    baseline,
    close: () => {
      transports.close();
      sandboxTransports.close();
    },
  };
}

function countsNothing(): void {
  // Circuits and resends of the sandbox are nobody's concern.
}
