/**
 * From the table to the queue: every shard of the stream is polled four times a second, what is there goes through
 * `stream-transactions` in batches, and on to the queue in batches of ten. It carries the pipeline's own writes too.
 */
import { Budget } from "../run/budget.ts";
import type { Confirmation } from "../run/confirmation.ts";
import { Line } from "../run/line.ts";
import type { VirtualTime } from "../run/virtual-time.ts";
import type { SimulatedQueue } from "./message-queue.ts";
import { BATCHES, EXECUTION_MS, MAPPING, STREAM } from "./quotas.ts";

export interface StreamOptions {
  readonly time: VirtualTime;
  readonly sample: number;
  readonly queue: SimulatedQueue;
  readonly shards: number;
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
    const { shards, sample, queueCallsPerSecond } = options;
    const lanes = Math.min(STREAM.executionsAtOnce, shards * MAPPING.parallelizationFactor);
    const fullMs = EXECUTION_MS.least + (EXECUTION_MS.perCall * MAPPING.batchSize) / BATCHES.messages;
    this.#executions = new Budget((lanes * MAPPING.batchSize * 1000) / fullMs / sample, options.time.now);
    this.#sends = new Budget((queueCallsPerSecond * BATCHES.messages) / sample, options.time.now);
  }

  carry(confirmation: Confirmation): void {
    const { time, random } = this.#options;
    this.#onTheWay.add(confirmation);
    const pollMs = (random() * 1000) / STREAM.pollsPerSecond;
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

export interface StreamCost {
  readonly executions: number;
  readonly queueCalls: number;
  readonly gbSeconds: number;
}

/**
 * What a second of it takes. A change goes to one of the lanes of one of the shards; a lane in which something came is
 * one execution, or more where it is more than a batch.
 *
 * @param changes real ones in that second. @param messages those of them that go on the queue
 */
export function streamCost(shards: number, changes: number, messages: number): StreamCost {
  const lanes = shards * MAPPING.parallelizationFactor * STREAM.pollsPerSecond;
  const executions = lanes * Math.max(1 - Math.exp(-changes / lanes), changes / lanes / MAPPING.batchSize);
  const each = executions === 0 ? 0 : messages / executions;
  const queueCalls = Math.max(executions * (1 - Math.exp(-each)), messages / BATCHES.messages);
  const seconds = (executions * EXECUTION_MS.least + queueCalls * EXECUTION_MS.perCall) / 1000;
  return { executions, queueCalls, gbSeconds: seconds * MAPPING.memoryGb };
}
