/**
 * A shard's records side by side, as the parallelization factor of a mapping allows: records of one item stay in one
 * lane and in order, lanes do not wait for each other. What was handled without a gap from the oldest record on is
 * told, so that a restart leaves nothing out.
 */
import { createHash } from "node:crypto";
import type { StreamRecord } from "./stream-event.ts";

/** @returns false when the stack stopped before all records were handled */
export type Deliver = (
  records: readonly StreamRecord[],
  progress: (sequenceNumber: string) => void,
) => Promise<boolean>;

export interface LanesOptions {
  readonly count: number;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly deliver: Deliver;
  /** All records up to this one are handled, and every one before. */
  readonly onHandled: (sequenceNumber: string) => void;
}

interface Numbered {
  readonly index: number;
  readonly record: StreamRecord;
}

interface Lane {
  queue: Numbered[];
  since: number;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes: readonly Lane[];
  /** Sequence numbers from the oldest record that was not yet told as handled. */
  #sequenceNumbers: string[] = [];
  #firstIndex = 0;
  #stopped = false;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.count }, () => ({
      queue: [],
      since: 0,
      running: undefined,
      timer: undefined,
    }));
  }

  /** Records that were added and are not handled. */
  get pending(): number {
    return this.#lanes.reduce((sum, { queue }) => sum + queue.length, 0);
  }

  /** @param passes records that do not pass count as handled when everything before them is */
  add(records: readonly StreamRecord[], passes: (record: StreamRecord) => boolean): void {
    for (const record of records) {
      const index = this.#firstIndex + this.#sequenceNumbers.length;
      this.#sequenceNumbers.push(record.sequenceNumber);
      if (!passes(record)) continue;
      const lane = this.#lanes[laneOf(record, this.#lanes.length)];
      if (lane === undefined) continue;
      if (lane.queue.length === 0) lane.since = Date.now();
      lane.queue.push({ index, record });
    }
    for (const lane of this.#lanes) this.#start(lane);
    this.#tell();
  }

  /** Resolves when nothing is under way any more: all handled, or stopped. */
  async drained(): Promise<void> {
    for (const lane of this.#lanes) {
      while (lane.running !== undefined || (lane.timer !== undefined && !this.#stopped))
        await (lane.running ?? this.#flush(lane));
    }
  }

  /** No batch is begun after this. */
  stop(): void {
    this.#stopped = true;
    for (const lane of this.#lanes) clearTimeout(lane.timer);
  }

  #start(lane: Lane): void {
    if (this.#stopped || lane.running !== undefined || lane.queue.length === 0) return;
    const waitMs =
      lane.queue.length >= this.#options.batchSize ? 0 : lane.since + this.#options.batchingWindowMs - Date.now();
    clearTimeout(lane.timer);
    lane.timer = waitMs > 0 ? setTimeout(() => void this.#flush(lane), waitMs) : undefined;
    if (waitMs <= 0) void this.#flush(lane);
  }

  #flush(lane: Lane): Promise<void> {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.running ??= this.#run(lane).finally(() => {
      lane.running = undefined;
      this.#start(lane);
    });
    return lane.running;
  }

  async #run(lane: Lane): Promise<void> {
    const batch = lane.queue.slice(0, this.#options.batchSize);
    let done = 0;
    const all = await this.#options.deliver(
      batch.map(({ record }) => record),
      (sequenceNumber) => {
        const handled = batch.findIndex(({ record }) => record.sequenceNumber === sequenceNumber) + 1;
        lane.queue = lane.queue.slice(handled - done);
        done = Math.max(done, handled);
        this.#tell();
      },
    );
    if (!all) this.#stopped = true;
    lane.since = Date.now();
  }

  #tell(): void {
    const end = this.#firstIndex + this.#sequenceNumbers.length;
    const open = Math.min(end, ...this.#lanes.flatMap(({ queue }) => queue[0]?.index ?? []));
    const last = this.#sequenceNumbers[open - this.#firstIndex - 1];
    if (last === undefined) return;
    this.#sequenceNumbers = this.#sequenceNumbers.slice(open - this.#firstIndex);
    this.#firstIndex = open;
    this.#options.onHandled(last);
  }
}

function laneOf({ event }: StreamRecord, count: number): number {
  if (count === 1) return 0;
  return (
    createHash("sha1")
      .update(JSON.stringify(event.dynamodb.Keys ?? {}))
      .digest()
      .readUInt32BE(0) % count
  );
}
