/**
 * The part of a task that has to do with merchants: who they are, whether they may be called now, and the call itself.
 * Both queues share it.
 */
import { getHeapStatistics } from "node:v8";
import { MerchantHealthTable } from "../../../../core/aws/merchant-health-table.ts";
import { MerchantsAndHealth } from "../../../../core/aws/merchants-and-health.ts";
import { MerchantsTable } from "../../../../core/aws/merchants-table.ts";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { attempt } from "../../../../core/delivery/attempt.ts";
import { BoundedWait, NOT_IN_TIME } from "../../../../core/delivery/bounded-wait.ts";
import type { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";
import { AdaptiveBulkhead } from "../../../../core/delivery/admission/adaptive-bulkhead.ts";
import { MerchantHealthDirectory } from "../../../../core/delivery/admission/merchant-health-directory.ts";
import { AdmissionControl } from "../../../../core/delivery/admission/admission-control.ts";
import { LatencyBaseline } from "../../../../core/delivery/admission/latency-baseline.ts";
import { RateLimiter } from "../../../../core/delivery/admission/rate-limiter.ts";
import { BoundedWaitQueue } from "../../../../core/delivery/admission/bounded-wait-queue.ts";
import { KeyRing } from "../../../../core/delivery/key-ring.ts";
import { MerchantCache } from "../../../../core/delivery/merchant-cache.ts";
import { MerchantDirectory } from "../../../../core/delivery/merchant-directory.ts";
import { MerchantPrefetch } from "../../../../core/delivery/merchant-prefetch.ts";
import { prepareCall } from "../../../../core/delivery/prepare.ts";
import type { DependencyBreaker } from "../receive/dependency-breaker.ts";
import type { MerchantsPort } from "../../../../core/confirmation/ports.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import type { Connections } from "../connections.ts";
import type { WorkerEnvironment } from "../environment.ts";
import type { WorkerTelemetry } from "../telemetry/worker-telemetry.ts";
import { egressSide } from "./egress-side.ts";
import { parseMasterKeys } from "../../../../core/signing/signature.ts";
import { watchedRows } from "../read/watched-reads.ts";

export interface MerchantSideOptions {
  readonly env: WorkerEnvironment;
  readonly connections: Pick<Connections, "dynamodb" | "toTable" | "openSecret">;
  /** Told how reads of merchants and health rows end. */
  readonly breaker: Pick<DependencyBreaker, "begin" | "ended" | "dropped">;
  readonly telemetry: Pick<WorkerTelemetry, "count" | "warn">;
  readonly clock: Pick<TaskClock, "now" | "elapsedMs" | "random" | "pause">;
}

export interface MerchantSide {
  readonly port: MerchantsPort;
  readonly egress: EgressMonitor;
  readonly healthDirectory: MerchantHealthDirectory;
  /** Reads health rows as everything here does. */
  readonly healthTable: Pick<MerchantHealthTable, "read">;
  /** Reads something of both tables. Rejects when it cannot. */
  readonly probe: (merchantId: string) => Promise<unknown>;
  readonly prefetch: MerchantPrefetch;
  /** Calls in flight fail; neither connections nor timers are left. */
  readonly close: () => void;
}

export function merchantSide(options: MerchantSideOptions): MerchantSide {
  const { env, connections, breaker, telemetry, clock } = options;
  const { dynamodb, toTable, openSecret } = connections;
  const { count, warn } = telemetry;
  const { now, elapsedMs } = clock;
  const { deadlineMs, maxBodyBytes, circuit } = env;
  const masterKeys = parseMasterKeys(env.masterKeys);
  const guard = new AddressGuard(env.allowDestinations, env.refuseDestinations);
  const cache = MerchantCache.thatFit(getHeapStatistics().heap_size_limit);
  const merchantsTable = new MerchantsTable(dynamodb, env.merchantsTable, toTable);
  const watchedMerchants = watchedRows(merchantsTable, "merchants", breaker);
  const merchants = new MerchantDirectory(watchedMerchants, masterKeys, now, cache, elapsedMs);
  const healthTable = new MerchantHealthTable(dynamodb, env.merchantGatesTable, toTable);
  const watchedHealth = watchedRows(healthTable, "gates", breaker);
  const healthDirectory = new MerchantHealthDirectory(watchedHealth, elapsedMs, cache);
  const names = { merchants: env.merchantsTable, health: env.merchantGatesTable };
  const table = new MerchantsAndHealth(dynamodb, names, toTable);
  const { egress, pools } = egressSide(env, guard, telemetry, clock);
  const baseline = new LatencyBaseline(elapsedMs);
  const stopWatching = baseline.watch();
  // Each for itself: a silent KMS must not take the places of those that wait for a token.
  const window = env.window + env.orderedWindow;
  const forKeys = new BoundedWait({ window });
  const forTokens = new BoundedWait({ window });
  const room = new BoundedWaitQueue({ window: env.window, pause: clock.pause });
  const admission = new AdmissionControl({
    circuit,
    deadlineMs,
    baseline,
    table: healthTable,
    healthDirectory,
    cache,
    bulkhead: new AdaptiveBulkhead(window, elapsedMs, (tookMs) => baseline.isLate(tookMs)),
    room,
    rateLimiter: new RateLimiter({ room, take: (...tokens) => takeInTime(forTokens, healthTable, tokens), now }),
    count,
    warn,
    now,
    elapsedMs,
    random: clock.random,
  });
  const resends = env.resendOnClosedConnection ? admission : undefined;
  const prepareOptions = { merchants, guard, deadlineMs, maxBodyBytes };
  const keyRing = new KeyRing({ masterKeys, openSecret, wait: forKeys, warn, now, elapsedMs });
  return {
    port: {
      prepare: (row) => prepareCall(row, prepareOptions),
      call: (call) => attempt(pools, call, resends),
      enter: (merchant, destination) => admission.enter(merchant, destination),
      disable: (merchantId, destination, why) => admission.disable(merchantId, destination, why),
      markWaiting: (merchantId, reason) => admission.markWaiting(merchantId, reason),
      isOurs: (origin, beganAt, outcome) => egress.isOurs(origin, beganAt, outcome),
      isResting: (merchant) => keyRing.isResting(merchant),
      keysOf: (merchant) => keyRing.keysOf(merchant),
    },
    egress,
    healthDirectory,
    healthTable: watchedHealth,
    probe: async (merchantId) => {
      const { merchants: rows, health: found } = await table.read([merchantId], [merchantId]);
      if (rows.unread.size + found.unread.size > 0) throw new Error("merchants or gates are throttled");
    },
    prefetch: new MerchantPrefetch({ table, merchants, healthDirectory, now: elapsedMs }),
    close: () => {
      stopWatching();
      pools.close();
    },
  };
}

/** @throws when the tokens do not come in time */
async function takeInTime(
  waits: BoundedWait,
  table: Pick<MerchantHealthTable, "takeTokens">,
  tokens: Parameters<MerchantHealthTable["takeTokens"]>,
): Promise<number> {
  const taken = await waits.for(() => table.takeTokens(...tokens));
  if (taken === NOT_IN_TIME) throw new Error("the gates did not answer in time, or too many wait for them");
  return taken;
}
