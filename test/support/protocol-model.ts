/**
 * The whole protocol of states and generations on a bench: the real stream handler, worker and release over a table and
 * queues in memory. Every call to the outside is a step that waits for its turn, so that they interleave in any order;
 * whoever makes them may be ended where it stands.
 */
import type { EntryError, ReceivedMessage } from "../../core/aws/message-queue.ts";
import type { WriteResult } from "../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import type { AttemptOutcome } from "../../core/retry/next-step.ts";
import { rowStateOf } from "../../core/transaction/row/row-state.ts";
import { decide, type Decision } from "../../lambdas/stream-transactions/decide.ts";
import { processChanges } from "../../lambdas/stream-transactions/process.ts";
import { releaseDue } from "../../lambdas/release-due/look/look.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryMerchantHealth } from "./memory-merchant-health.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { MemoryTable } from "./memory-table.ts";
import { ModelTask } from "./protocol-task.ts";
import { changed, type Changes, number, text, transactionRow } from "./rows.ts";
import type { Steps } from "./steps.ts";
import { UNTRACED, UNTRACED_STREAM } from "./untraced.ts";
import type { OutgoingMessage } from "../../core/aws/queue-requests.ts";
import {
  type ChannelSending,
  LEASE_MS,
  MERCHANT_ID,
  type ProtocolSurroundings,
  UNSENT,
} from "./protocol-surroundings.ts";
import type { SendOutcome } from "../../core/channels/channel-sender.ts";
import { toldStepStatement } from "../../core/aws/statements/told-step.ts";
import { judgeReceipt } from "../../core/transaction/row/told-step.ts";
import { NO_SANDBOX, SANDBOX_LIMITS } from "./no-sandbox.ts";

const debug = () => undefined;
const STREAM_BATCH = 4;
const DECIDE = { dueShards: 1, merchantShards: 1, leaseMs: LEASE_MS } as const;
export const UNAVAILABLE = { kind: "unavailable", error: "failed" } as const satisfies WriteResult;

export interface Delivery {
  readonly id: string;
  readonly version: number;
  /** As the row had it when it was read for the call. */
  readonly outcome: string;
}

/** A message as the ordered queue took it. */
interface Place {
  readonly transactionId: string;
  readonly version: number;
  readonly release: number;
}

export class ProtocolModel {
  readonly clock = new FakeClock();
  readonly table = new MemoryTable();
  readonly confirmations = new MemoryQueue(this.clock.now);
  readonly ordered = new MemoryQueue(this.clock.now);
  readonly deadLetters = new MemoryQueue(this.clock.now);
  readonly healthTable = new MemoryMerchantHealth();
  readonly deliveries: Delivery[] = [];
  readonly tasks: ModelTask[];
  /** Deliveries that came before their turn, or after one that came behind them. */
  readonly outOfTurn: string[] = [];
  readonly #steps: Steps;
  readonly #orderingKeys: Readonly<Record<string, string>>;
  readonly #afters: Readonly<Record<string, string>>;
  /** Places in the ordered queue whose transactions were delivered. */
  readonly #delivered = new Set<number>();
  /** The next of the table's changes that the stream has not handed on. */
  #position = 0;
  #isStreaming = false;
  isMerchantUp = true;
  /** Of a recipient with channels. @default it has the webhook alone */
  plan: ProtocolSurroundings["plan"];
  /** Channels that reach nobody. */
  unreachable: readonly string[] = [];
  /** What was sent by channels. */
  readonly sendings: ChannelSending[] = [];
  /** Told of each message by a channel, before the service has it. */
  onSend: (sending: ChannelSending) => void = () => undefined;
  /** The merchant wants to hear nothing more of what it is told. */
  asksForNoMore = false;

  /**
   * @param orderingKeys of transactions that have one.
   * @param afters the one that must come before it, of those that name it
   */
  constructor(
    steps: Steps,
    orderingKeys: Readonly<Record<string, string>> = {},
    afters: Readonly<Record<string, string>> = {},
  ) {
    this.#steps = steps;
    this.#orderingKeys = orderingKeys;
    this.#afters = afters;
    this.tasks = [new ModelTask(this, "task 0"), new ModelTask(this, "task 1")];
  }

  /**
   * Lets others go first, then does it in one step.
   * @param failed what it comes to when it fails; it rejects without
   */
  step<T>(actor: string, name: string, act: () => T | Promise<T>, failed?: () => T): Promise<T> {
    return this.#steps.step(actor, name, act, failed);
  }

  /** What the merchant saw of a call, and what it said. */
  respond(id: string, version: number, outcome = ""): AttemptOutcome {
    if (this.asksForNoMore)
      return { kind: "failed", class: "status_4xx", status: 400, error: "asked for no more", abortsMessage: true };
    if (!this.isMerchantUp) return { kind: "failed", class: "status_5xx", status: 503, error: "down" };
    if (Object.keys(this.#afters).length === 0) this.#noteTurn(id, version);
    else this.#noteAfter(id, this.#afters[id]);
    this.deliveries.push({ id, version, outcome });
    return { kind: "delivered", status: 200 };
  }

  send(sending: ChannelSending): SendOutcome {
    this.onSend(sending);
    this.sendings.push(sending);
    const { channel } = sending;
    if (this.unreachable.includes(channel))
      return { kind: "outcome", outcome: { kind: "failed", class: "recipient", error: "no such number" } };
    return { kind: "outcome", outcome: { kind: "delivered", status: 200 }, messageId: sending.intentId };
  }

  /** A receipt of what was sent first: it was delivered. */
  receiveReceipt(): void {
    const [first] = this.sendings;
    const row = this.table.rows.get("a");
    const receipt = { intentId: first?.intentId ?? "", result: { kind: "delivered" }, at: this.clock.now() } as const;
    const verdict = judgeReceipt(row, receipt);
    if (row === undefined || verdict.kind !== "take") return;
    void this.table.write([toldStepStatement(this.table.name, row, verdict.told, receipt.at, 90)]);
  }

  /** Whether the one that it names was delivered or given up. */
  #noteAfter(id: string, before: string | undefined): void {
    if (before === undefined || this.deliveries.some((delivery) => delivery.id === before)) return;
    const isGivenUp = this.deadLetters.accepted.some(
      ({ body }) => (JSON.parse(body) as Place).transactionId === before,
    );
    if (!isGivenUp) this.outOfTurn.push(`${id} before ${before}`);
  }

  /** Shards and lanes of the stream hand on changes of different rows in any order. */
  shuffleStream(order: readonly number[]): void {
    const shuffled = this.table.changes.map((change, index) => ({ change, at: order[index] ?? index }));
    this.table.changes.splice(
      0,
      shuffled.length,
      ...shuffled.toSorted((one, other) => one.at - other.at).map(({ change }) => change),
    );
  }

  /** Whether all that the ordered queue took before it is terminal, and nothing that it took after it was delivered. */
  #noteTurn(id: string, version: number): void {
    const places = this.ordered.accepted.map(({ body, groupId }) => ({ ...(JSON.parse(body) as Place), groupId }));
    const release = rowStateOf(this.table.row(id)).release;
    const isIt = (place: Place) => place.transactionId === id && place.version === version && place.release === release;
    const turn = places.findIndex(isIt);
    if (turn < 0) return;
    for (const [index, place] of places.entries()) {
      if (place.groupId !== places[turn]?.groupId || isIt(place)) continue;
      const isBefore = index < turn && this.#isPending(place);
      const isAfter = index > turn && this.#delivered.has(index);
      if (isBefore || isAfter)
        this.outOfTurn.push(`${id} v${version} ${isBefore ? "before" : "after"} ${JSON.stringify(place)}`);
    }
    this.#delivered.add(turn);
  }

  /**
   * Neither settled nor superseded. One that was given up lost its place, even if its dead letter was put back since.
   */
  #isPending({ transactionId, version, release }: Place): boolean {
    const row = this.table.row(transactionId);
    const { state } = rowStateOf(row);
    const isTerminal = state === "CONFIRMED" || state === "FAILED";
    if (Number(row["version"]?.N) !== version || isTerminal) return false;
    return !this.deadLetters.accepted.some(({ body }) => {
      const letter = JSON.parse(body) as Place;
      return letter.transactionId === transactionId && letter.version === version && letter.release === release;
    });
  }

  /** A producer raises the version: by an update of the row, or by a put that takes our attributes with it. */
  raise(id: string, isCooperative: boolean, isPut: boolean): void {
    const before = this.table.rows.get(id);
    const version = number(Number(before?.["version"]?.N ?? 0) + 1);
    const keys = isCooperative ? { dueKey: text("P#0"), dueAt: number(this.clock.now() + LEASE_MS) } : {};
    const orderingKey = this.#orderingKeys[id];
    const after = this.#afters[id];
    const fresh = transactionRow({
      transactionId: text(id),
      ...(orderingKey && { orderingKey: text(orderingKey) }),
      ...(after && { orderingAfter: text(after) }),
    });
    const base = before === undefined || isPut ? fresh : before;
    this.table.put(changed(base, { version, ...keys }));
  }

  /** A producer puts the version that is there once more, and takes our attributes with it. */
  repeat(id: string, isCooperative: boolean): void {
    const before = this.table.rows.get(id);
    if (before === undefined) return;
    const keys: Changes = isCooperative ? { dueKey: text("P#0"), dueAt: number(this.clock.now() + LEASE_MS) } : {};
    this.table.put(transactionRow({ transactionId: text(id), version: before["version"], ...keys }));
  }

  /** The mapping hands on the next batch; what fails, and everything after it, comes again. */
  async stream(size = STREAM_BATCH): Promise<void> {
    if (this.#isStreaming) return;
    this.#isStreaming = true;
    const start = this.#position;
    const batch = this.table.changes.slice(start, start + size);
    try {
      const failed = await processChanges(
        batch.map((change, index) => ({ ...change, sequenceNumber: String(start + index) })),
        {
          ...this.#lambda("stream"),
          decide: DECIDE,
          traces: UNTRACED_STREAM,
          debug,
        },
      );
      this.#position = Math.min(start + batch.length, ...failed.map(Number));
    } finally {
      this.#isStreaming = false;
    }
  }

  /** The invocation under way ends where it stands; whoever has its steps sees to it that none of them goes on. */
  endStream(): void {
    this.#isStreaming = false;
  }

  /** Changes that the stream has not handed on. */
  get unread(): number {
    return Math.max(0, this.table.changes.length - this.#position);
  }

  /**
   * Passes over changes that ask for nothing, as far as they come next: when they are handed on is the same to
   * everybody.
   */
  skipIdleChanges(): void {
    for (; this.unread > 0; this.#position += 1) {
      const change = this.table.changes[this.#position];
      const options = { ...DECIDE, table: this.table.name, now: this.clock.now() };
      if (change === undefined || !isIdle(decide(change, options))) return;
    }
  }

  /** The stream was down for longer than it keeps records. */
  loseStream(): void {
    if (!this.#isStreaming) this.#position = this.table.changes.length;
  }

  get isStreamRead(): boolean {
    return this.unread === 0;
  }

  async look(actor = "look"): Promise<void> {
    const parts = this.#lambda(actor);
    const dueIds = (dueKey: string, until: number, limit: number) =>
      this.step(actor, "index", () => this.table.dueIds(dueKey, until, limit));
    const goneBefore = async (): Promise<number> => this.clock.now() - this.confirmations.oldestAgeMs;
    const goneBeforeOrdered = async (): Promise<number> => this.clock.now() - this.ordered.measuredAgeMs;
    const ages = { goneBefore, goneBeforeOrdered };
    // A look that cannot read the table fails; the next one goes on.
    const merchants = { read: async () => ({ rows: new Map(), unread: new Set<string>() }) };
    const rates = {
      sandbox: SANDBOX_LIMITS,
      merchantShards: 1,
      maxReleaseRate: 1000,
      maxOpenMs: LEASE_MS,
      everyMs: 5000,
    };
    const limits = { dueShards: 1, leaseMs: LEASE_MS, maxUnheard: 50, ...rates };
    const { healthTable } = this;
    const waitingMerchants = () => healthTable.waiting();
    const reported = { debug, countReason: () => undefined, traces: UNTRACED };
    await releaseDue(
      { ...parts, ...reported, ...limits, ...ages, dueIds, healthTable, waitingMerchants, merchants },
      true,
    ).catch(() => undefined);
  }

  /** An operator pauses the one merchant, or resumes it. */
  pause(isPaused: boolean): void {
    if (isPaused) this.healthTable.put(MERCHANT_ID, { pausedAt: this.clock.now() });
    else this.healthTable.resume(MERCHANT_ID);
  }

  /** A person puts a dead letter back. */
  redrive(): void {
    const [first, ...rest] = this.deadLetters.drain();
    if (first === undefined) return;
    void this.confirmations.send([first]);
    if (rest.length > 0) this.deadLetters.restore(rest);
  }

  /** Unsettled rows, which are owed something still. */
  get owed(): AttributeMap[] {
    return [...this.table.rows.values()].filter((row) => !["CONFIRMED", "FAILED"].includes(rowStateOf(row).state));
  }

  receive(actor: string, from: MemoryQueue, visibilitySeconds: number): Promise<ReceivedMessage[]> {
    return this.step(actor, "receive", () => from.receive(visibilitySeconds)).catch(() => []);
  }

  #lambda(actor: string) {
    const queue = (name: string, to: MemoryQueue) => ({
      send: (messages: readonly OutgoingMessage[]): Promise<EntryError[]> =>
        this.step(
          actor,
          name,
          () => to.send(messages),
          () => messages.map(() => UNSENT),
        ),
    });
    return {
      table: {
        name: this.table.name,
        read: (ids: readonly string[]) => this.step(actor, "read", () => this.table.read(ids)),
        write: (statements: Parameters<MemoryTable["write"]>[0]) =>
          this.step(
            actor,
            "write",
            () => this.table.write(statements),
            () => statements.map(() => UNAVAILABLE),
          ),
      },
      confirmations: queue("send", this.confirmations),
      ordered: queue("send in order", this.ordered),
      deadLetters: queue("dead letter", this.deadLetters),
      sandboxMerchants: NO_SANDBOX,
      order: "transaction" as const,
      settledDays: 90,
      count: () => undefined,
      warn: () => undefined,
      now: this.clock.now,
    };
  }
}

function isIdle({ message, statement, quarantined, isContentChanged }: Decision): boolean {
  return message === undefined && statement === undefined && quarantined === undefined && isContentChanged !== true;
}
