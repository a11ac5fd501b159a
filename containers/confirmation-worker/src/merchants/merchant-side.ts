/**
 * The part of a task that has to do with merchants: who they are, whether they may be called now, and the call itself.
 * Both queues share it.
 */
import { setTimeout as pause } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GatesTable } from "../../../../core/aws/gates-table.ts";
import type { LeanCall } from "../../../../core/aws/lean/lean-call.ts";
import { MerchantsAndGates } from "../../../../core/aws/merchants-and-gates.ts";
import { MerchantsTable } from "../../../../core/aws/merchants-table.ts";
import type { OpenSecret } from "../../../../core/signing/open-secrets.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import type { MasterKeys } from "../../../../core/signing/signature.ts";
import type { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { attempt } from "../../../../core/delivery/attempt.ts";
import { BoundedWait, NOT_IN_TIME } from "../../../../core/delivery/bounded-wait.ts";
import { EgressMonitor } from "../../../../core/delivery/egress-monitor.ts";
import { EgressProbe } from "../../../../core/delivery/egress-probe.ts";
import { AdaptiveBulkhead } from "../../../../core/delivery/gate/adaptive-bulkhead.ts";
import { GateDirectory } from "../../../../core/delivery/gate/gate-directory.ts";
import { MerchantGate } from "../../../../core/delivery/gate/merchant-gate.ts";
import { OwnSlowness } from "../../../../core/delivery/gate/own-slowness.ts";
import { RateLimiter } from "../../../../core/delivery/gate/rate-limiter.ts";
import { WaitingRoom } from "../../../../core/delivery/gate/waiting-room.ts";
import { guardedConnector, guardedReach } from "../../../../core/delivery/guarded-connector.ts";
import { KeyRing } from "../../../../core/delivery/key-ring.ts";
import { KnownMerchants } from "../../../../core/delivery/known-merchants.ts";
import { MerchantDirectory } from "../../../../core/delivery/merchant-directory.ts";
import { MerchantsAhead } from "../../../../core/delivery/merchants-ahead.ts";
import { CachingResolver, resolverOf } from "../../../../core/delivery/name-resolver.ts";
import { prepareCall } from "../../../../core/delivery/prepare.ts";
import { Origins } from "../../../../core/http/origins.ts";
import type { DependencyBreaker } from "../receive/dependency-breaker.ts";
import type { MerchantsPort } from "../../../../core/confirmation/ports.ts";
import type { WorkerEnvironment } from "../environment.ts";
import { watchedRows } from "../read/watched-reads.ts";

export interface MerchantSideOptions {
  readonly env: WorkerEnvironment;
  readonly masterKeys: MasterKeys;
  readonly guard: AddressGuard;
  readonly dynamodb: DynamoDBClient;
  /** Makes the frequent calls to it. */
  readonly toTable: LeanCall;
  readonly openSecret: OpenSecret;
  /** Told how reads of merchants and gates end. */
  readonly breaker: Pick<DependencyBreaker, "begin" | "ended" | "dropped">;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
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

const MAX_ORIGINS = 1000;
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

export function merchantSide(options: MerchantSideOptions): MerchantSide {
  const { env, masterKeys, guard, dynamodb, toTable, openSecret, breaker, count, warn, now, elapsedMs } = options;
  const known = KnownMerchants.thatFit(getHeapStatistics().heap_size_limit);
  const merchantsTable = new MerchantsTable(dynamodb, env.merchantsTable, toTable);
  const watchedMerchants = watchedRows(merchantsTable, "merchants", breaker);
  const merchants = new MerchantDirectory(watchedMerchants, masterKeys, now, known, elapsedMs);
  const gatesTable = new GatesTable(dynamodb, env.merchantGatesTable, toTable);
  const watchedGates = watchedRows(gatesTable, "gates", breaker);
  const gates = new GateDirectory(watchedGates, elapsedMs, known);
  const names = { merchants: env.merchantsTable, gates: env.merchantGatesTable };
  const table = new MerchantsAndGates(dynamodb, names, toTable);
  const resolver: CachingResolver = new CachingResolver(
    env.deadlineMs,
    elapsedMs,
    resolverOf(env.deadlineMs, env.nameServers),
    undefined,
    { heard: (host, askedAt) => egress.heard(host, askedAt) },
  );
  const egressProbe = new EgressProbe({ reach: guardedReach(guard, resolver, PROBE_TIMEOUT_MS), now: elapsedMs });
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
  const origins = new Origins({
    connect: guardedConnector(guard, resolver, env.deadlineMs, elapsedMs, (endpoint, beganAt) => {
      count(METRICS.connectionsOpened);
      egressProbe.connected(endpoint);
      egress.connected(endpoint.origin, beganAt);
    }),
    maxOrigins: MAX_ORIGINS,
    reused: () => count(METRICS.callsOnReusedConnection),
    now: elapsedMs,
  });
  const slowness = new OwnSlowness(elapsedMs);
  const stopWatching = slowness.watch();
  // Each for itself: a silent KMS must not take the places of those that wait for a token.
  const window = env.window + env.orderedWindow;
  const forKeys = new BoundedWait({ window });
  const forTokens = new BoundedWait({ window });
  const room = new WaitingRoom({ ...env, pause });
  const gate = new MerchantGate({
    ...env,
    slowness,
    table: gatesTable,
    gates,
    known,
    bulkhead: new AdaptiveBulkhead(env.window + env.orderedWindow, elapsedMs, (tookMs) => slowness.isLate(tookMs)),
    room,
    rateLimiter: new RateLimiter({ room, take: (...tokens) => takeInTime(forTokens, gatesTable, tokens), now }),
    count,
    warn,
    now,
    elapsedMs,
    random: Math.random,
  });
  const resends = env.resendOnClosedConnection ? gate : undefined;
  const { deadlineMs, maxBodyBytes } = env;
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
