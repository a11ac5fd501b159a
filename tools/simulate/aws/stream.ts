/**
 * From the table to the queue: every shard of the stream is polled four times a second, what is there goes through
 * `stream-transactions` in batches, and on to the queue in batches of ten. It carries the pipeline's own writes too.
 */
import { Budget } from "../run/budget.ts";
import type { Confirmation } from "../run/confirmation.ts";
import { Line } from "../run/line.ts";
import type { VirtualTime } from "../run/virtual-time.ts";
import type { SimulatedQueue } from "./message-queue.ts";
import { BATCHES, EXECUTION_MS, STREAM_POLLS_PER_SECOND } from "../../../lib/cost/per-million/quantities.ts";
import type { StreamMapping } from "../../../lib/cost/per-million/stream-runs.ts";
import { STREAM } from "./quotas.ts";

export interface StreamOptions {
  readonly time: VirtualTime;
  readonly sample: number;
  readonly queue: SimulatedQueue;
  readonly shards: number;
  readonly mapping: StreamMapping;
  readonly queueCallsPerSecond: number;
  /** In [0, 1). */
  readonly random: () => number;
}

export class SimulatedStream {
  readonly #options: StreamOptions;
  /** Read from the stream, not on the queue yet. */
  readonly #arrived = new Line<Confirmation>();
  readonly #onTheWay = new Set<Confirmation>();
  /** Epoch milliseconds: batches that failed are retried. */
  #resumesAt = 0;
  /** Simulated messages that the quota of the queue lets through. */
  readonly #sends: Budget;
  /** Simulated changes that as many executions as there may be get through. */
  readonly #executions: Budget;

  constructor(options: StreamOptions) {
    this.#options = options;
    const { shards, sample, queueCallsPerSecond, mapping } = options;
    const lanes = Math.min(STREAM.executionsAtOnce, shards * mapping.lanes);
    const fullMs = EXECUTION_MS.least + (EXECUTION_MS.perCall * mapping.batchSize) / BATCHES.messages;
    this.#executions = new Budget((lanes * mapping.batchSize * 1000) / fullMs / sample, options.time.now);
    this.#sends = new Budget((queueCallsPerSecond * BATCHES.messages) / sample, options.time.now);
  }

  carry(confirmation: Confirmation): void {
    const { time, random, mapping } = this.#options;
    this.#onTheWay.add(confirmation);
    const pollMs = random() * 1000 * Math.max(1 / STREAM_POLLS_PER_SECOND, mapping.windowSeconds);
    time.at(time.now() + pollMs + EXECUTION_MS.least + EXECUTION_MS.perCall, () => this.#arrived.push(confirmation));
  }

  /** Once a tick. */
  carryOut(): void {
    const { queue, time } = this.#options;
    if (queue.isDown) this.#resumesAt = time.now() + STREAM.retrySeconds * 1000;
    if (time.now() < this.#resumesAt) return;
    while (this.#arrived.length > 0 && this.#sends.has && this.#executions.has) {
      const confirmation = this.#arrived.shift() as Confirmation;
      this.#sends.take(1);
      this.#executions.take(1);
      this.#onTheWay.delete(confirmation);
      this.#options.queue.send(confirmation);
    }
  }

  get onTheWay(): number {
    return this.#onTheWay.size;
  }

  *[Symbol.iterator](): Generator<Confirmation> {
    yield* this.#onTheWay;
  }
}
