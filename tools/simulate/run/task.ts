/**
 * One task of the worker: takes messages while its window has room, works on them one after the other on its one CPU,
 * calls their merchants side by side, records and deletes. What it decides is the policy's; that is the pipeline's own
 * code.
 *
 *   starting -> running   its image is there and it asks for messages
 *   running  -> stopping  it is scaled in: takes nothing more, finishes what it has
 *   stopping -> gone      nothing is held any more, or it was killed
 *   running  -> gone      its zone is lost: what it held comes again when its visibility ends
 */
import { parkKeyFor, waitKeyFor } from "../../../core/transaction/row/index-keys.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import type { Message, SimulatedQueue } from "../aws/message-queue.ts";
import { ROUND_TRIP_MS } from "../../../lib/cost/per-million/quantities.ts";
import { INDEX_WRITES, type SimulatedTable } from "../aws/table.ts";
import type { Confirmation } from "./confirmation.ts";
import type { DueIndex } from "./due-index.ts";
import type { Policy } from "./policy.ts";
import type { Tally } from "./tally.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface TaskParts {
  readonly time: VirtualTime;
  readonly settings: Settings;
  readonly sample: number;
  readonly queue: SimulatedQueue;
  readonly table: SimulatedTable;
  readonly index: DueIndex;
  readonly tally: Tally;
  readonly visibilityMs: number;
}

export class Task {
  mode: "starting" | "running" | "stopping" | "gone" = "starting";
  readonly zone: number;
  /** Epoch milliseconds at which AWS began to charge for it. */
  readonly launchedAt: number;
  readonly policy: Policy;
  readonly #parts: TaskParts;
  readonly #held = new Map<Message, number>();
  readonly #workMs: number;
  /** Epoch milliseconds until which its CPU has work. */
  #busyUntil = 0;
  #workedMs = 0;
  #measured = { at: 0, workedMs: 0 };
  /** Real messages received in the second under way. */
  received = 0;

  constructor(parts: TaskParts, policy: Policy, zone: number) {
    this.#parts = parts;
    this.policy = policy;
    this.zone = zone;
    this.launchedAt = parts.time.now();
    this.#workMs = (1000 * parts.sample) / parts.settings.worker.ratePerTask;
  }

  get held(): number {
    return this.#held.size;
  }

  get hasRoom(): boolean {
    const { settings, sample } = this.#parts;
    return this.mode === "running" && (this.#held.size + 1) * sample <= settings.worker.window;
  }

  take(message: Message): void {
    const { time, sample } = this.#parts;
    this.#held.set(message, time.now());
    this.received += sample;
    time.start(() => this.#handle(message));
  }

  /** Its zone is gone, or its time to stop is over. */
  kill(): void {
    const { queue, time, visibilityMs } = this.#parts;
    for (const [message, receivedAt] of this.#held)
      queue.hide(message, Math.max(0, receivedAt + visibilityMs - time.now()));
    this.#held.clear();
    this.mode = "gone";
  }

  /** Percent of the CPU that was at work since the last time this was asked. */
  measureCpu(): number {
    const now = this.#parts.time.now();
    const workedMs = this.#workedMs - Math.max(0, this.#busyUntil - now);
    const percent = (100 * (workedMs - this.#measured.workedMs)) / Math.max(1, now - this.#measured.at);
    this.#measured = { at: now, workedMs };
    return percent;
  }

  async #handle(message: Message): Promise<void> {
    const { time, queue, tally } = this.#parts;
    const { confirmation } = message;
    await this.#work();
    if (this.isGone) return;
    // A row that is terminal, parked or at another generation discards its message
    // (`core/transaction/row/row-state.ts`).
    const isHeard = !confirmation.isTerminal && !confirmation.isParked && message.release === confirmation.release;
    if (!isHeard) return this.#done(message);
    if (this.mode === "stopping") return this.#letGo(message, 0);
    const entry = await this.policy.enter(confirmation.merchant);
    if (this.isGone) return;
    if (entry.kind === "closed") {
      await this.policy.markWaiting(confirmation.merchant, entry.reason);
      return this.#parkForMerchant(message);
    }
    const { tookMs, outcome } = confirmation.merchant.call(time.now(), this.#parts.sample);
    tally.called();
    await time.pause(tookMs);
    if (outcome.kind === "delivered") {
      if (confirmation.isDelivered) tally.duplicate();
      confirmation.isDelivered = true;
    }
    if (this.isGone) return;
    await entry.leave(outcome);
    confirmation.attemptCount += 1;
    const step = this.policy.after(confirmation, outcome);
    if (step.kind === "park") return this.#parkUntil(message, step.dueAt);
    await this.#write(INDEX_WRITES[step.kind === "retry in queue" ? "none" : "settle"]);
    if (this.isGone) return;
    if (!isRecorded(message, step.kind === "confirm")) return this.#done(message);
    if (step.kind === "retry in queue") {
      confirmation.unacknowledged = 0;
      this.#held.delete(message);
      return queue.hide(message, step.delaySeconds * 1000);
    }
    confirmation.isTerminal = true;
    this.#parts.index.leave(confirmation);
    if (step.kind === "confirm") tally.confirmed(confirmation, time.now());
    else tally.deadLettered(confirmation);
    return this.#done(message);
  }

  /** Its CPU does one thing after the other; the row is read meanwhile. */
  #work(): Promise<void> {
    const { time } = this.#parts;
    const now = time.now();
    this.#busyUntil = Math.max(this.#busyUntil, now) + this.#workMs;
    this.#workedMs += this.#workMs;
    return time.pause(this.#busyUntil - now + ROUND_TRIP_MS.read);
  }

  async #write(dueWrites: number, confirmation?: Confirmation): Promise<void> {
    await this.#parts.time.pause(ROUND_TRIP_MS.write);
    await this.#parts.table.write(dueWrites, confirmation?.merchant);
  }

  async #parkForMerchant(message: Message): Promise<void> {
    const { confirmation } = message;
    const { merchantShards } = this.#parts.settings;
    await this.#write(INDEX_WRITES.move, confirmation);
    const dueKey = waitKeyFor(confirmation.merchant.id, confirmation.id, merchantShards);
    return this.#park(message, dueKey, confirmation.giveUpAt);
  }

  async #parkUntil(message: Message, dueAt: number): Promise<void> {
    await this.#write(INDEX_WRITES.move);
    return this.#park(message, parkKeyFor(message.confirmation.id, this.#parts.settings.dueShards), dueAt);
  }

  #park(message: Message, dueKey: string, dueAt: number): Promise<void> | void {
    if (this.isGone) return;
    if (!isRecorded(message, false)) return this.#done(message);
    message.confirmation.unacknowledged = 0;
    this.#parts.index.park(message.confirmation, dueKey, dueAt);
    return this.#done(message);
  }

  async #done(message: Message): Promise<void> {
    await this.#parts.time.pause(ROUND_TRIP_MS.delete);
    if (this.isGone) return;
    const { queue, time, visibilityMs } = this.#parts;
    if (!queue.delete(message))
      queue.hide(message, Math.max(0, (this.#held.get(message) ?? 0) + visibilityMs - time.now()));
    this.#held.delete(message);
  }

  #letGo(message: Message, ms: number): void {
    this.#held.delete(message);
    this.#parts.queue.hide(message, ms);
  }

  /** Asked after each wait: it may have been killed meanwhile. */
  get isGone(): boolean {
    return this.mode === "gone";
  }
}

/**
 * Whether the condition of a record holds: on the generation for all but the record of a 2xx (`core/aws/statements/`).
 */
function isRecorded({ confirmation, release }: Message, isConfirmed: boolean): boolean {
  return !confirmation.isTerminal && (isConfirmed || (confirmation.release === release && !confirmation.isParked));
}
