/**
 * The part of a task that has to do with merchants: who they are, whether they may be called now, and the call itself.
 * Both queues share it.
 */
import { getHeapStatistics } from "node:v8";
import { GatesTable } from "../../../../core/aws/gates-table.ts";
import { MerchantsAndGates } from "../../../../core/aws/merchants-and-gates.ts";
import { MerchantsTable } from "../../../../core/aws/merchants-table.ts";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { attempt } from "../../../../core/delivery/attempt.ts";
import { BoundedWait, NOT_IN_TIME } from "../../../../core/delivery/bounded-wait.ts";
import type { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";
import { AdaptiveBulkhead } from "../../../../core/delivery/gate/adaptive-bulkhead.ts";
import { GateDirectory } from "../../../../core/delivery/gate/gate-directory.ts";
import { MerchantGate } from "../../../../core/delivery/gate/merchant-gate.ts";
import { OwnSlowness } from "../../../../core/delivery/gate/own-slowness.ts";
import { RateLimiter } from "../../../../core/delivery/gate/rate-limiter.ts";
import { WaitingRoom } from "../../../../core/delivery/gate/waiting-room.ts";
import { KeyRing } from "../../../../core/delivery/key-ring.ts";
import { KnownMerchants } from "../../../../core/delivery/known-merchants.ts";
import { MerchantDirectory } from "../../../../core/delivery/merchant-directory.ts";
import { MerchantsAhead } from "../../../../core/delivery/merchants-ahead.ts";
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
  /** Told how reads of merchants and gates end. */
  readonly breaker: Pick<DependencyBreaker, "begin" | "ended" | "dropped">;
  readonly telemetry: Pick<WorkerTelemetry, "count" | "warn">;
  readonly clock: Pick<TaskClock, "now" | "elapsedMs" | "random" | "pause">;
}

export interface MerchantSide {
  readonly port: MerchantsPort;
  readonly egress: EgressMonitor;
  readonly gates: GateDirectory;
  /** Reads gates as everything here does. */
  readonly gatesTable: Pick<GatesTable, "read">;
  /** Reads something of both tables. Rejects when it cannot. */
  readonly probe: (merchantId: string) => Promise<unknown>;
  readonly ahead: MerchantsAhead;
  /** Calls under way fail; neither connections nor timers are left. */
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
  const known = KnownMerchants.thatFit(getHeapStatistics().heap_size_limit);
  const merchantsTable = new MerchantsTable(dynamodb, env.merchantsTable, toTable);
  const watchedMerchants = watchedRows(merchantsTable, "merchants", breaker);
  const merchants = new MerchantDirectory(watchedMerchants, masterKeys, now, known, elapsedMs);
  const gatesTable = new GatesTable(dynamodb, env.merchantGatesTable, toTable);
  const watchedGates = watchedRows(gatesTable, "gates", breaker);
  const gates = new GateDirectory(watchedGates, elapsedMs, known);
  const names = { merchants: env.merchantsTable, gates: env.merchantGatesTable };
  const table = new MerchantsAndGates(dynamodb, names, toTable);
  const { egress, origins } = egressSide(env, guard, telemetry, clock);
  const slowness = new OwnSlowness(elapsedMs);
  const stopWatching = slowness.watch();
  // Each for itself: a silent KMS must not take the places of those that wait for a token.
  const window = env.window + env.orderedWindow;
  const forKeys = new BoundedWait({ window });
  const forTokens = new BoundedWait({ window });
  const room = new WaitingRoom({ window: env.window, pause: clock.pause });
  const gate = new MerchantGate({
    circuit,
    deadlineMs,
    slowness,
    table: gatesTable,
    gates,
    known,
    bulkhead: new AdaptiveBulkhead(window, elapsedMs, (tookMs) => slowness.isLate(tookMs)),
    room,
    rateLimiter: new RateLimiter({ room, take: (...tokens) => takeInTime(forTokens, gatesTable, tokens), now }),
    count,
    warn,
    now,
    elapsedMs,
    random: clock.random,
  });
  const resends = env.resendOnClosedConnection ? gate : undefined;
  const prepareOptions = { merchants, guard, deadlineMs, maxBodyBytes };
  const keyRing = new KeyRing({ masterKeys, openSecret, wait: forKeys, warn, now, elapsedMs });
  return {
    port: {
      prepare: (row) => prepareCall(row, prepareOptions),
      call: (call) => attempt(origins, call, resends),
      enter: (merchant, destination) => gate.enter(merchant, destination),
      disable: (merchantId, destination, why) => gate.disable(merchantId, destination, why),
      markWaiting: (merchantId, reason) => gate.markWaiting(merchantId, reason),
      isOurs: (origin, beganAt, outcome) => egress.isOurs(origin, beganAt, outcome),
      isResting: (merchant) => keyRing.isResting(merchant),
      keysOf: (merchant) => keyRing.keysOf(merchant),
    },
    egress,
    gates,
    gatesTable: watchedGates,
    probe: async (merchantId) => {
      const { merchants: rows, gates: found } = await table.read([merchantId], [merchantId]);
      if (rows.unread.size + found.unread.size > 0) throw new Error("merchants or gates are throttled");
    },
    ahead: new MerchantsAhead({ table, merchants, gates, now: elapsedMs }),
    close: () => {
      stopWatching();
      origins.close();
    },
  };
}

/** @throws when the tokens do not come in time */
async function takeInTime(
  waits: BoundedWait,
  table: Pick<GatesTable, "takeTokens">,
  tokens: Parameters<GatesTable["takeTokens"]>,
): Promise<number> {
  const taken = await waits.for(() => table.takeTokens(...tokens));
  if (taken === NOT_IN_TIME) throw new Error("the gates did not answer in time, or too many wait for them");
  return taken;
}
