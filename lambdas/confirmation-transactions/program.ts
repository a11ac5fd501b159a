/**
 * What an execution environment keeps from one invocation to the next: connections, what it knows of merchants, and the
 * path of a message over both queues. It does nothing between two invocations.
 */
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import type { Invocation } from "../../core/aws/invocation.ts";
import { RowReader } from "../../core/confirmation/batched/row-reader.ts";
import { readMerchantRows } from "../../core/aws/merchant-rows.ts";
import { channelsPort } from "../../core/confirmation/channels/channels-port.ts";
import { readChannels } from "../../core/settings/channels-environment.ts";
import type { Connections } from "../../core/confirmation/connections.ts";
import { InQueueBudget, NO_ROOM } from "../../core/confirmation/in-queue-budget.ts";
import { type MerchantSide, merchantSide } from "../../core/confirmation/merchants/merchant-side.ts";
import { ordered } from "../../core/confirmation/order/ordered.ts";
import { unordered } from "../../core/confirmation/order/unordered.ts";
import { MerchantCalls } from "../../core/confirmation/calls/merchant-calls.ts";
import { JobsTable } from "../../core/aws/jobs-table.ts";
import { MerchantOrigins } from "../../core/aws/merchant-origins.ts";
import type { Ports, QueuePort } from "../../core/confirmation/ports.ts";
import { confirmationSettings } from "../../core/confirmation/settings.ts";
import { tableBreaker } from "../../core/confirmation/tables/table-breaker.ts";
import { watchedTransactions } from "../../core/confirmation/tables/watched-reads.ts";
import type { PathTelemetry } from "../../core/confirmation/telemetry/path-telemetry.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import { isMerchantId } from "../../core/transaction/transaction.ts";
import type { ConfirmationTransactionsEnvironment } from "./environment.ts";
import { sharedCalls } from "./calls/shared-calls.ts";
import { EgressTable } from "./egress/egress-item.ts";
import { SharedEgress } from "./egress/shared-egress.ts";
import { HoldReasons } from "./hold/hold-reasons.ts";
import { TableWrites } from "./hold/table-writes.ts";
import type { InvocationClock } from "./invocation-clock.ts";
import { MerchantShares } from "./shares/merchant-shares.ts";
import { sharedMerchants } from "./shares/shared-merchants.ts";
import { SharesTable } from "./shares/shares-table.ts";
import { type QueueSide, queueSide } from "./queue-side.ts";

export interface ProgramOptions {
  readonly env: ConfirmationTransactionsEnvironment;
  /** As JSON. */
  readonly masterKeys: string;
  readonly clock: InvocationClock;
  readonly telemetry: PathTelemetry;
  readonly connections: Connections;
  readonly invocation: Invocation;
  readonly journal: Ports["journal"];
}

export interface Program {
  readonly confirmations: QueueSide;
  readonly ordered: QueueSide;
  readonly calls: MerchantCalls;
  readonly holds: HoldReasons;
  readonly shares: MerchantShares;
  readonly egress: SharedEgress;
  readonly copies: MerchantSide["copies"];
  /** Takes note of stalls of this process until the result is called. */
  readonly watchStalls: () => () => void;
  readonly close: () => void;
}

/** Messages of a batch, of a FIFO queue at most (Lambda Developer Guide, "Lambda parameters for Amazon SQS"). */
const MOST_MESSAGES = 10;
/** Milliseconds after a call's deadline, for the verdict on a silence and the record of its outcome. */
const RECORD_MS = 5000;
/** Milliseconds before the end of the time in which nothing is retried any more. */
const STOP_MS = 1000;
/** Milliseconds after the deadline at which a lease is over: for waits before its call, and the verdict after it. */
const LEASE_MARGIN_MS = 5000;
/** What is in trouble waits long, as often as it takes: nothing else is held up by the places it takes in flight. */
const ROOM_FOR_ALL: QueuePort["troubled"] = Object.freeze({ hasRoom: true, add: () => undefined });

/** @throws KeyError when the master keys cannot be used */
export function makeProgram(options: ProgramOptions): Program {
  const { env, masterKeys, clock, telemetry, connections, invocation, journal } = options;
  const { leftMs } = invocation;
  const { table } = connections;
  const reads = [(key: string) => table.read([key]), (key: string) => merchants.probe(key)];
  const breaker = tableBreaker(reads, clock, telemetry.warn);
  const windows = { window: MOST_MESSAGES, orderedWindow: MOST_MESSAGES };
  const egress: SharedEgress = new SharedEgress({
    table: new EgressTable(connections.dynamodb, env.merchantGatesTable),
    knows: (endpoint) => merchants.knows(endpoint),
    warn: telemetry.warn,
    now: clock.now,
  });
  const merchants: MerchantSide = merchantSide({
    env: { ...env, ...windows, masterKeys },
    connections,
    breaker,
    telemetry,
    clock,
    connected: (endpoint) => egress.connected(endpoint),
  });
  const shares = new MerchantShares({
    table: new SharesTable(connections.dynamodb, env.merchantGatesTable, connections.toTable),
    leaseMs: env.deadlineMs + LEASE_MARGIN_MS,
    baseline: merchants.baseline,
    openCircuit: merchants.openCircuit,
    warn: telemetry.warn,
    now: clock.now,
    pause: clock.pause,
  });
  const writes = new TableWrites(table);
  const hasTime = () => leftMs() >= env.deadlineMs + RECORD_MS;
  const port = sharedMerchants(merchants.port, shares, egress, merchants.healthDirectory, clock.now);
  const shared = {
    ports: {
      merchants: port,
      telemetry: telemetry.measures(env.debugSamplePercent, env.campaigns),
      clock,
      journal,
      channels: channelsPort(readChannels(), {
        limits: { ...FUNCTION_LIMITS, leftMs },
        merchantsTable: env.merchantsTable,
        merchantGatesTable: env.merchantGatesTable,
        count: telemetry.count,
        countPart: telemetry.countPart,
        warn: telemetry.warn,
        now: clock.now,
      }),
    },
    table: { name: table.name, read: (ids: readonly string[]) => table.read(ids), write: writes.write },
    rows: new RowReader(watchedTransactions(table, breaker), (rows) => lookAhead(rows, merchants, shares)),
    deadLetterQueue: connections.deadLetters,
    ordered: connections.ordered,
    troubled: ROOM_FOR_ALL,
    state: {
      isStopping: () => !hasTime() || writes.isDown || clock.watch.isWrong,
      isStopped: () => leftMs() <= STOP_MS,
      // Nothing is received less in an outage: its messages' own waits have to grow.
      isOutage: () => false,
      pause: (ms: number) => clock.pause(Math.max(0, Math.min(ms, leftMs() - STOP_MS))),
    },
    settings: Object.freeze({ ...confirmationSettings(env), visibilitySeconds: env.visibilitySeconds }),
    hasTime,
  };
  const failing = new InQueueBudget(env.inQueueFailingMax, clock.elapsedMs);
  return {
    confirmations: queueSide(connections.confirmations, unordered, failing, shared),
    ordered: queueSide(connections.ordered, ordered, NO_ROOM, shared),
    calls: new MerchantCalls({
      jobs: new JobsTable(connections.dynamodb, env.jobsTable),
      merchants: sharedCalls(merchants.calls, shares, port.isOurs),
      origins: new MerchantOrigins(connections.dynamodb, env.merchantsTable),
      deadlineMs: env.deadlineMs,
      clock,
      info: telemetry.info,
      warn: telemetry.warn,
    }),
    holds: new HoldReasons({
      breaker,
      writes,
      clock,
      egress,
      read: gatesRead(connections, env.merchantGatesTable),
      askQueue: connections.askQueue,
      telemetry,
    }),
    shares,
    egress,
    copies: merchants.copies,
    watchStalls: merchants.watchStalls,
    close: merchants.close,
  };
}

/** What is needed of merchants for rows that were read just now: the others' leases must be as they are now. */
async function lookAhead(
  rows: Iterable<AttributeMap>,
  { prefetch }: Pick<MerchantSide, "prefetch">,
  shares: MerchantShares,
): Promise<void> {
  const all = [...rows];
  const merchantIds = new Set(all.map((row) => stringOf(row["merchantId"]) ?? "").filter(isMerchantId));
  await Promise.all([prefetch.look(all), shares.look([...merchantIds])]);
}

/** Items of the gates table that hold for every execution, as they are. */
function gatesRead({ dynamodb, toTable }: Connections, table: string) {
  return async (ids: readonly string[]) => (await readMerchantRows(dynamodb, { [table]: ids }, toTable))(table);
}
