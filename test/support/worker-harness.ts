/**
 * The way of a message through the worker on a bench: the real parts over a table and queues in memory, a clock that
 * stands still, a merchant that answers as told, and a journal of everything that reached the outside, in order.
 */
import type { MessageQueue, ReceivedMessage } from "../../core/aws/message-queue.ts";
import type { OutgoingMessage } from "../../core/aws/queue-requests.ts";
import type { Statement } from "../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { deduplicationId, encodeMessage, type ConfirmationMessage } from "../../core/transaction/message.ts";
import type { Merchant } from "../../core/merchant/merchant.ts";
import { mirrorOwner } from "../../core/merchant/mirror.ts";
import { merchantKeys } from "../../core/signing/merchant-keys.ts";
import { MerchantTroubles } from "../../core/telemetry/merchant-troubles.ts";
import { Meter } from "../../core/telemetry/meter.ts";
import type { AttemptOutcome } from "../../core/retry/next-step.ts";
import { orderedGroupIdOf } from "../../core/transaction/ordering.ts";
import { AddressGuard } from "../../core/delivery/address-guard.ts";
import { EgressMonitor } from "../../core/delivery/egress-monitor.ts";
import { AdaptiveBulkhead } from "../../core/delivery/admission/adaptive-bulkhead.ts";
import { MerchantHealthDirectory } from "../../core/delivery/admission/merchant-health-directory.ts";
import { AdmissionControl } from "../../core/delivery/admission/admission-control.ts";
import { LatencyBaseline } from "../../core/delivery/admission/latency-baseline.ts";
import { RateLimiter } from "../../core/delivery/admission/rate-limiter.ts";
import { prepareCall } from "../../core/delivery/prepare.ts";
import { Acknowledger } from "../../core/confirmation/batched/acknowledger.ts";
import { queuePort } from "../../core/confirmation/batched/queue-port.ts";
import { tablePort } from "../../core/confirmation/batched/table-port.ts";
import { Confirmation } from "../../core/confirmation/confirmation.ts";
import { ordered } from "../../core/confirmation/order/ordered.ts";
import { unordered } from "../../core/confirmation/order/unordered.ts";
import type {
  ChannelsPort,
  ClockPort,
  MerchantsPort,
  Ports,
  QueuePort,
  TablePort,
  TelemetryPort,
} from "../../core/confirmation/ports.ts";
import { type ConfirmationSettings, confirmationSettings } from "../../core/confirmation/settings.ts";
import { DeadLetters } from "../../core/confirmation/batched/dead-letters.ts";
import { InFlightMessage } from "../../core/confirmation/in-flight-message.ts";
import { InQueueBudget, NO_ROOM } from "../../core/confirmation/in-queue-budget.ts";
import { Measures } from "../../core/confirmation/telemetry/measures.ts";
import { SandboxMeasures } from "../../core/confirmation/telemetry/sandbox-measures.ts";
import { RetryUntilRecorded } from "../../core/confirmation/batched/retry-until-recorded.ts";
import { Recorder } from "../../core/confirmation/batched/recorder.ts";
import { RowReader } from "../../core/confirmation/batched/row-reader.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryMerchantHealth } from "./memory-merchant-health.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { MemoryTable } from "./memory-table.ts";
import { NO_SECRETS } from "./no-secrets.ts";
import { transactionRow } from "./rows.ts";
import { UNTRACED } from "./untraced.ts";

export const VISIBILITY_SECONDS = 60;
export const LEASE_MS = 900_000;
export const WINDOW = 40;
export const CIRCUIT_OPEN_MS = 15_000;
/** What cannot get in at once is turned away at once. */
export const NO_WAIT_QUEUE = { wait: async () => false, hasWaiting: () => false };
const STATE = /SET confirmationState=\?/;

export interface WorkerHarness {
  readonly clock: FakeClock;
  readonly table: MemoryTable;
  readonly queue: MemoryQueue;
  /** Where rows with an ordering key belong; `queue` itself when the messages come from there. */
  readonly ordered: MemoryQueue;
  readonly deadLetters: MemoryQueue;
  readonly journal: string[];
  readonly metrics: string[];
  /** Distributions, and counts by class or reason. */
  readonly meter: Meter;
  readonly troubles: MerchantTroubles;
  /** What is told of single transactions. */
  readonly lines: readonly { readonly message: string; readonly details: Readonly<Record<string, unknown>> }[];
  readonly warnings: string[];
  readonly untilRecorded: RetryUntilRecorded;
  readonly bulkhead: AdaptiveBulkhead;
  readonly egress: EgressMonitor;
  readonly healthTable: MemoryMerchantHealth;
  /** The row of merchant m-1, as the test wants it. */
  merchant: Partial<Merchant>;
  /** How the merchant answers; each test may change it. */
  answer: () => Promise<AttemptOutcome> | AttemptOutcome;
  isStopping: boolean;
  isClockWrong: boolean;
  isStopped: boolean;
  /** How the time passes for which a verdict is held; in no time unless a test changes it. */
  passHold: (ms: number) => Promise<void>;
  /** Sends a message for the row, or a body as it is, receives it and handles it. */
  handle(message?: Partial<ConfirmationMessage> | string): Promise<void>;
  receive(): Promise<InFlightMessage>;
  readonly confirmation: Confirmation;
}

/** What a test puts in the place of the bench's own. */
export interface BenchChanges {
  /** Whether the messages are of the ordered queue. @default false */
  readonly isOrdered?: boolean;
  readonly queue?: Partial<QueuePort>;
  readonly table?: Partial<TablePort>;
  readonly merchants?: Partial<MerchantsPort>;
  readonly telemetry?: Partial<TelemetryPort>;
  readonly clock?: Partial<ClockPort>;
  readonly settings?: Partial<ConfirmationSettings>;
  readonly channels?: ChannelsPort;
  readonly journal?: Ports["journal"];
}

export function workerHarness(
  row: AttributeMap | undefined = transactionRow(),
  changes: BenchChanges = {},
): WorkerHarness {
  const clock = new FakeClock();
  const journal: string[] = [];
  const table = journalled(new MemoryTable(), journal);
  const queue = new MemoryQueue(clock.trueNow);
  const isOrdered = changes.isOrdered === true;
  const orderedQueue = isOrdered ? queue : new MemoryQueue(clock.trueNow);
  const deadLetters = new MemoryQueue(clock.trueNow);
  const metrics: string[] = [];
  const warnings: string[] = [];
  const acknowledger = new Acknowledger(journalledQueue(queue, journal), VISIBILITY_SECONDS, clock.elapsedMs);
  const untilRecorded = new RetryUntilRecorded({
    pause: clock.pause,
    extend: (inFlight) => acknowledger.extend(inFlight),
    isStopped: () => harness.isStopped,
  });
  const meter = new Meter([]);
  const troubles = new MerchantTroubles();
  const debug = () => undefined;
  const lines: { message: string; details: Readonly<Record<string, unknown>> }[] = [];
  const tell = (message: string, details: Readonly<Record<string, unknown>>) => void lines.push({ message, details });
  const measures = new Measures({ meter, troubles, debug, warn: tell, hops: UNTRACED, now: clock.now });
  const bulkhead = new AdaptiveBulkhead(WINDOW, clock.elapsedMs, () => true);
  const healthTable = new MemoryMerchantHealth();
  const count = (metric: string) => void metrics.push(metric);
  const warn = (message: string) => void warnings.push(message);
  const admission = new AdmissionControl({
    table: healthTable,
    healthDirectory: new MerchantHealthDirectory(healthTable, clock.elapsedMs),
    bulkhead,
    room: NO_WAIT_QUEUE,
    rateLimiter: new RateLimiter({
      room: NO_WAIT_QUEUE,
      take: (...tokens) => healthTable.takeTokens(...tokens),
      now: clock.now,
    }),
    baseline: new LatencyBaseline(clock.elapsedMs),
    circuit: { openMs: CIRCUIT_OPEN_MS, maxOpenMs: 20 * CIRCUIT_OPEN_MS },
    deadlineMs: 10_000,
    count,
    warn,
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    random: () => 0.5,
  });
  const egress = new EgressMonitor({
    now: clock.elapsedMs,
    changed: (mode) => void warnings.push(`egress ${mode}`),
    pause: (ms) => harness.passHold(ms),
  });
  const journalledLetters = {
    send: async (messages: readonly OutgoingMessage[]) => {
      const errors = await deadLetters.send(messages);
      journal.push(errors.some((error) => error !== undefined) ? "dead letter refused" : "dead letter");
      return errors;
    },
  };
  const ownQueue = queuePort({
    acknowledger,
    deadLetters: new DeadLetters(journalledLetters, untilRecorded, warn),
    ordered: orderedQueue,
    failing: isOrdered ? NO_ROOM : new InQueueBudget(10, clock.elapsedMs),
    troubled: new InQueueBudget(10, clock.elapsedMs),
    isStopping: () => harness.isStopping,
  });
  const recorder = new Recorder(table, untilRecorded);
  const ownTable = tablePort({ name: table.name, rows: new RowReader(table), recorder, isOutage: () => false });
  const merchants: MerchantsPort = {
    prepare: (found) => prepared(found, harness.merchant),
    call: async () => {
      journal.push("call");
      return harness.answer();
    },
    enter: (merchant, destination) => admission.enter(merchant, destination),
    enterBehind: (merchant, destination) => admission.enterBehind(merchant, destination),
    disable: (merchantId, destination, why) => admission.disable(merchantId, destination, why),
    markWaiting: (merchantId, reason) => admission.markWaiting(merchantId, reason),
    healthOf: (merchantId) => admission.healthOf(merchantId),
    isOurs: (origin, beganAt, outcome) => egress.isOurs(origin, beganAt, outcome),
    isOursInSandbox: (origin, beganAt, outcome) => egress.isOursByOthers(origin, beganAt, outcome),
    isSandbox: async () => harness.merchant.environment !== undefined,
    ...NO_SECRETS,
  };
  const counted: Omit<TelemetryPort, "sandbox"> = {
    count,
    warn,
    called: (job, outcome, tookMs) => measures.called(job, outcome, tookMs),
    confirmed: (job) => measures.confirmed(job),
    parked: (job, reason) => measures.parked(job, reason),
    gaveUp: (job, failure) => measures.gaveUp(job, failure),
    step: (job, step, details) => measures.step(job, step, details),
    hops: UNTRACED,
  };
  const telemetry: TelemetryPort = { ...counted, sandbox: new SandboxMeasures(counted) };
  const ports: Ports = {
    queue: { ...ownQueue, ...changes.queue },
    table: { ...ownTable, ...changes.table },
    merchants: { ...merchants, ...changes.merchants },
    telemetry: { ...telemetry, ...changes.telemetry },
    clock: {
      now: clock.now,
      elapsedMs: clock.elapsedMs,
      isWrongAt: () => harness.isClockWrong,
      random: () => 0.5,
      pause: clock.pause,
      ...changes.clock,
    },
    channels: changes.channels,
    journal: changes.journal,
  };
  const settings = confirmationSettings({
    retry: { scheduleSeconds: [10, 100], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 3600 },
    deadlineMs: 10_000,
    deliverWithinMs: 1_000_000,
    settledDays: 90,
    dueShards: 1,
    merchantShards: 1,
    leaseMs: LEASE_MS,
    ...changes.settings,
  });
  const confirmation = new Confirmation(ports, settings, isOrdered ? ordered : unordered);
  const harness: WorkerHarness = {
    clock,
    table,
    queue,
    ordered: orderedQueue,
    deadLetters,
    journal,
    metrics,
    meter,
    troubles,
    lines,
    warnings,
    untilRecorded,
    bulkhead,
    egress,
    healthTable,
    merchant: {},
    confirmation,
    answer: () => ({ kind: "delivered", status: 200 }),
    isStopping: false,
    isClockWrong: false,
    isStopped: false,
    passHold: async () => undefined,
    async receive() {
      const [received] = await queue.receive(VISIBILITY_SECONDS);
      if (received === undefined) throw new Error("the queue gave nothing");
      return new InFlightMessage(received satisfies ReceivedMessage, clock.elapsedMs(), VISIBILITY_SECONDS);
    },
    async handle(message = {}) {
      await send(queue, message, row);
      await confirmation.handle(await harness.receive());
    },
  };
  if (row !== undefined) table.rows.set(row["transactionId"]?.S ?? "", row);
  return harness;
}

/** To the ordered group of the row, or to a group of its own. */
async function send(
  queue: MemoryQueue,
  given: Partial<ConfirmationMessage> | string,
  row: AttributeMap | undefined,
): Promise<void> {
  const message = { transactionId: "t-1", version: 1, release: 0, ...(typeof given === "object" && given) };
  const body = typeof given === "string" ? given : encodeMessage(message);
  const groupId = (row && orderedGroupIdOf(row)) ?? message.transactionId;
  await queue.send([{ body, groupId, deduplicationId: deduplicationId(message) }]);
}

const MASTER_KEYS = new Map([["1", "a master key of 32 characters or so"]]);

/** Merchant m-1, and none else. */
function prepared(row: AttributeMap, changes: Partial<Merchant>): ReturnType<typeof prepareCall> {
  const merchant = {
    merchantId: "m-1",
    secretKeyVersion: "1",
    confirmationUrl: "https://merchant.example/",
    ...changes,
  };
  const { mirror } = merchant;
  const mirrorKeys = mirror && merchantKeys(MASTER_KEYS, mirrorOwner("m-1", mirror), 0, ["v1"]);
  const merchants = { get: async () => ({ merchant, keys: [], mirrorKeys }) };
  return prepareCall(row, { merchants, guard: new AddressGuard([]), deadlineMs: 10_000, maxBodyBytes: 100_000 });
}

function journalled(table: MemoryTable, journal: string[]): MemoryTable {
  const write = table.write.bind(table);
  table.write = async (statements: readonly Statement[]) => {
    const results = await write(statements);
    for (const [index, { text, parameters }] of statements.entries()) {
      const state = STATE.test(text) ? parameters[0]?.S : "other";
      journal.push(`record ${state}: ${results[index]?.kind}`);
    }
    return results;
  };
  return table;
}

function journalledQueue(queue: MemoryQueue, journal: string[]): Pick<MessageQueue, "delete" | "changeVisibility"> {
  return {
    delete: async (handles) => {
      const errors = await queue.delete(handles);
      for (const error of errors) journal.push(error === undefined ? "delete" : "delete refused");
      return errors;
    },
    changeVisibility: async (changes) => {
      const errors = await queue.changeVisibility(changes);
      for (const [index, { seconds }] of changes.entries())
        journal.push(`visible in ${seconds} s${errors[index] === undefined ? "" : " refused"}`);
      return errors;
    },
  };
}
