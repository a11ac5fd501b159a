/**
 * The age of a queue's oldest message as CloudWatch has it: a value each minute, known a minute later; none while no
 * call to the queue succeeds.
 */
import type { VirtualTime } from "../run/virtual-time.ts";
import type { SimulatedQueue } from "./message-queue.ts";
import { QUEUE_METRIC_LATE_MS } from "./quotas.ts";

const MINUTE_MS = 60_000;
/** Whoever asks looks back so far. */
const LOOK_BACK_MS = 5 * MINUTE_MS;

interface Datum {
  readonly at: number;
  readonly oldestSentAt: number;
}

export class LateAge {
  readonly #time: VirtualTime;
  readonly #queue: SimulatedQueue;
  readonly #data: Datum[] = [];

  constructor(time: VirtualTime, queue: SimulatedQueue) {
    this.#time = time;
    this.#queue = queue;
    const measure = () => {
      if (!queue.isDown) this.#data.push({ at: time.now(), oldestSentAt: queue.oldestSentAt });
      time.at(time.now() + MINUTE_MS, measure);
    };
    time.at(time.now() + MINUTE_MS, measure);
  }

  /** @returns epoch milliseconds at which the oldest message was sent; undefined without a datum */
  oldestSentAt(): number | undefined {
    const now = this.#time.now();
    const newest = this.#data.findLast(({ at }) => at + QUEUE_METRIC_LATE_MS <= now);
    return newest === undefined || newest.at < now - LOOK_BACK_MS ? undefined : newest.oldestSentAt;
  }

  /** @throws while no call to the queue succeeds */
  count(): number {
    if (this.#queue.isDown) throw new Error("the queue does not answer");
    return this.#queue.waiting + this.#queue.inFlight;
  }
}
