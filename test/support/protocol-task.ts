/**
 * One task of the worker in the model of the protocol: the real way of a message, over parts that stop dead when the
 * task crashes.
 */
import type { ReceivedMessage } from "../../core/aws/message-queue.ts";
import { Confirmation } from "../../core/confirmation/confirmation.ts";
import { ordered } from "../../core/confirmation/order/ordered.ts";
import { unordered } from "../../core/confirmation/order/unordered.ts";
import type { Ports, QueuePort } from "../../core/confirmation/ports.ts";
import { confirmationSettings } from "../../core/confirmation/settings.ts";
import type { Ending } from "../../core/confirmation/job.ts";
import type { InFlightMessage } from "../../core/confirmation/in-flight-message.ts";
import { InQueueBudget, NO_ROOM } from "../../core/confirmation/in-queue-budget.ts";
import { byGroup } from "../../core/confirmation/order/ordered-group.ts";
import type { Receiver } from "../../containers/confirmation-worker/src/receive/receiver.ts";
import { Worker } from "../../containers/confirmation-worker/src/worker.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../core/transaction/parse-transaction.ts";
import type { AttemptOutcome } from "../../core/retry/next-step.ts";
import type { Call } from "../../core/delivery/attempt.ts";
import { AdaptiveBulkhead } from "../../core/delivery/admission/adaptive-bulkhead.ts";
import { AdmissionControl } from "../../core/delivery/admission/admission-control.ts";
import { LatencyBaseline } from "../../core/delivery/admission/latency-baseline.ts";
import { NO_SECRETS } from "./no-secrets.ts";
import type { MemoryQueue } from "./memory-queue.ts";
import { contentIn } from "./rows.ts";
import { strictFake } from "./strict-fake.ts";
import { UNTRACED } from "./untraced.ts";
import { LEASE_MS, MERCHANT_ID, type ProtocolSurroundings, UNSENT } from "./protocol-surroundings.ts";

const VISIBILITY_SECONDS = 60;
const DEADLINE_MS = 1000;
/** Longer than a message is out of sight: whoever sent it has recorded that by then. */
const RECEIPT_WITHIN_MS = 300_000;
/** Tries at a table or queue that is down, after which the task is stopped. */
const MAX_ATTEMPTS = 3;

/** What the worker does with what came of each queue. */
interface Take {
  readonly one: (message: ReceivedMessage, receivedAt: number) => Promise<unknown>;
  readonly group: (messages: readonly ReceivedMessage[], receivedAt: number) => Promise<unknown>;
}

export class ModelTask {
  readonly #model: ProtocolSurroundings;
  readonly name: string;
  #take: Take;
  #life = { isOver: false };

  constructor(model: ProtocolSurroundings, name: string) {
    this.#model = model;
    this.name = name;
    this.#take = this.#begin();
  }

  /** Receives once from each queue and handles everything that came. */
  async work(): Promise<number> {
    const take = this.#take;
    const { confirmations, ordered: orderedQueue } = this.#model;
    const both = await Promise.all([
      this.#workOn(confirmations, (messages, receivedAt) => messages.map((message) => take.one(message, receivedAt))),
      this.#workOn(orderedQueue, (messages, receivedAt) =>
        byGroup(messages).map((group) => take.group(group, receivedAt)),
      ),
    ]);
    return both[0] + both[1];
  }

  async #workOn(
    queue: MemoryQueue,
    handle: (messages: readonly ReceivedMessage[], receivedAt: number) => readonly Promise<unknown>[],
  ): Promise<number> {
    const messages = await this.#model.receive(this.name, queue, VISIBILITY_SECONDS);
    // What a crashed task was at ends in an error that nobody sees.
    await Promise.allSettled(handle(messages, this.#model.clock.now()));
    return messages.length;
  }

  /** Whatever is in flight ends where it stands; a new task takes its place. */
  crash(): void {
    this.#life.isOver = true;
    this.#life = { isOver: false };
    this.#take = this.#begin();
  }

  #begin(): Take {
    const model = this.#model;
    const life = this.#life;
    const { table, confirmations, ordered: orderedQueue, deadLetters, clock } = model;
    const step = async <T>(name: string, act: () => T | Promise<T>, failed?: () => T): Promise<T> => {
      const alive = () => (life.isOver ? Promise.reject(new Error("crashed")) : act());
      const result = await model.step(this.name, name, alive, failed);
      if (life.isOver) throw new Error("crashed");
      return result;
    };
    const persist = async <T>(name: string, act: () => Promise<T | undefined>): Promise<T> => {
      for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
        const result = await step(name, act, () => undefined);
        if (result !== undefined) return result;
      }
      throw new Error("stopped before it could be done");
    };
    const { healthTable } = model;
    const admission = new AdmissionControl({
      table: {
        openCircuit: (...circuit) => step("open circuit", () => healthTable.openCircuit(...circuit)),
        claimProbe: (...probe) => step("claim probe", () => healthTable.claimProbe(...probe)),
        closeCircuit: (...circuit) => step("close circuit", () => healthTable.closeCircuit(...circuit)),
        disable: (...url) => step("disable", () => healthTable.disable(...url)),
        markWaiting: (...mark) => step("mark waiting", () => healthTable.markWaiting(...mark)),
      },
      healthDirectory: {
        get: (id) => step("gate", () => healthTable.health(id)),
        put: () => undefined,
        forget: () => undefined,
      },
      bulkhead: new AdaptiveBulkhead(1, clock.now, () => true),
      room: { wait: async () => false, hasWaiting: () => false },
      rateLimiter: { take: async () => true, takeSpare: async () => true },
      baseline: new LatencyBaseline(clock.now),
      circuit: { openMs: LEASE_MS / 4, maxOpenMs: LEASE_MS },
      deadlineMs: DEADLINE_MS,
      count: () => undefined,
      warn: () => undefined,
      now: clock.now,
      elapsedMs: clock.now,
      random: () => 0.5,
    });
    const shared = {
      merchants: {
        prepare: async (row: AttributeMap) => {
          const of = {
            merchant: { merchantId: MERCHANT_ID, secretKeyVersion: "1" },
            keys: [],
            webhook: { id: row["version"]?.N ?? "", body: row["outcome"]?.S ?? "" },
            content: contentIn(row),
            deadlineMs: DEADLINE_MS,
          };
          const destination = { origin: "https://merchant.example", path: row["transactionId"]?.S ?? "" };
          const { plan } = model;
          if (plan === undefined) return { ...of, destination };
          const parsed = parseTransaction(row);
          if ("faults" in parsed) throw new Error(parsed.faults.join("; "));
          const { transaction } = parsed;
          return { ...of, ...plan, transaction, webhookTo: () => ({ ...of, destination }) };
        },
        call: async ({ destination, webhook }: Call): Promise<AttemptOutcome> => {
          const began = clock.now();
          // The merchant has it even if the task crashes while it answers.
          const failed = (): AttemptOutcome => ({ kind: "failed", class: "timeout", error: "too slow" });
          const respond = () =>
            clock.now() - began > DEADLINE_MS
              ? failed()
              : model.respond(destination.path, Number(webhook.id), webhook.body);
          return step("call", respond, failed);
        },
        enter: (merchant, destination) => admission.enter(merchant, destination),
        enterBehind: (merchant, destination) => admission.enterBehind(merchant, destination),
        disable: (merchantId, destination, why) => admission.disable(merchantId, destination, why),
        markWaiting: (merchantId, reason) => admission.markWaiting(merchantId, reason),
        healthOf: async (merchantId) => {
          const health = healthTable.health(merchantId);
          return { isPaused: health.pausedAt !== undefined, circuit: "closed" };
        },
        isOurs: () => false,
        isOursInSandbox: () => false,
        isSandbox: async () => false,
        ...NO_SECRETS,
      },
      table: {
        name: table.name,
        read: async (id) => (await step("read", () => table.read([id]))).get(id),
        readAgain: async (id) => (await persist("read again", () => table.read([id]).catch(() => undefined))).get(id),
        record: (statement) =>
          persist("record", async () => {
            const [result] = await table.write([statement]);
            return result?.kind === "unavailable" ? undefined : result;
          }),
        isOutage: () => false,
      },
      telemetry: {
        get sandbox() {
          return this;
        },
        count: () => undefined,
        warn: () => undefined,
        called: () => undefined,
        confirmed: () => undefined,
        parked: () => undefined,
        gaveUp: () => undefined,
        step: () => undefined,
        hops: UNTRACED,
      },
      clock: {
        now: clock.now,
        elapsedMs: clock.now,
        isWrongAt: () => false,
        random: () => 0.5,
        pause: async () => undefined,
      },
      channels: {
        of: async (kind) => ({
          kind,
          needsIntent: true,
          send: ({ channel, transaction, intentId = "" }) =>
            step("send", () => model.send({ channel: channel.id, version: transaction.version, intentId })),
        }),
        onUncertain: "send again",
        receiptWithinMs: RECEIPT_WITHIN_MS,
      },
    } satisfies Omit<Ports, "queue">;
    const settings = confirmationSettings({
      deadlineMs: DEADLINE_MS,
      retry: { scheduleSeconds: [10, 100], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 3600 },
      deliverWithinMs: 100 * LEASE_MS,
      settledDays: 90,
      dueShards: 1,
      merchantShards: 1,
      leaseMs: LEASE_MS,
    });
    const troubled = new InQueueBudget(1, clock.now);
    const queuePort = (queue: MemoryQueue, failing: QueuePort["failing"]): QueuePort => ({
      delete: async (inFlight) =>
        (
          await step(
            "delete",
            () => queue.delete([inFlight.received.receiptHandle]),
            () => [UNSENT],
          )
        )[0],
      giveBack: async (inFlight, seconds) =>
        (await step("give back", () => queue.changeVisibility([visibility(inFlight, seconds)])))[0],
      extend: async (inFlight) => {
        const visibleAt = clock.now() + VISIBILITY_SECONDS * 1000;
        const [error] = await step("extend", () => queue.changeVisibility([visibility(inFlight, VISIBILITY_SECONDS)]));
        if (error === undefined) inFlight.extendedTo(visibleAt);
        return error === undefined;
      },
      sendDeadLetter: async (letter) => {
        await persist("dead letter", async () =>
          (await deadLetters.send([letter]))[0] === undefined ? true : undefined,
        );
      },
      sendInOrder: (messages) => step("move to the ordered queue", () => orderedQueue.send(messages)),
      failing,
      troubled,
      isStopping: () => false,
    });
    const ofOrdered = queuePort(orderedQueue, NO_ROOM);
    const ofOthers = queuePort(confirmations, new InQueueBudget(1, clock.now));
    const others = new Confirmation({ ...shared, queue: ofOthers }, settings, unordered);
    const inOrder = new Confirmation({ ...shared, queue: ofOrdered }, settings, ordered);
    let one: Take["one"] | undefined;
    let group: Take["group"] | undefined;
    const worker = new Worker({
      unordered: {
        receiver: (handle) => {
          one = handle;
          return strictFake<Receiver>("receiver", {});
        },
        // Where a crashed task leaves a message: nothing behind it is touched by that task any more.
        confirm: (inFlight) => others.handle(inFlight).catch((): Ending => "left"),
      },
      ordered: {
        receiver: (handle) => {
          group = handle;
          return strictFake<Receiver<readonly ReceivedMessage[]>>("receiver", {});
        },
        confirm: (inFlight) => inOrder.handle(inFlight).catch((): Ending => "left"),
        giveBack: (inFlight, seconds) => ofOrdered.giveBack(inFlight, seconds).catch(() => undefined),
        onHeldBack: () => undefined,
        elapsedMs: clock.now,
      },
      settings: { visibilitySeconds: VISIBILITY_SECONDS, stopTimeoutMs: 10_000 },
      clock: { elapsedMs: clock.now, pause: clock.pause },
      log: () => undefined,
    });
    if (one === undefined || group === undefined || worker.isStopping)
      throw new Error("the worker asked for no receiver");
    return { one, group };
  }
}

function visibility({ received }: InFlightMessage, seconds: number) {
  return { receiptHandle: received.receiptHandle, seconds };
}
