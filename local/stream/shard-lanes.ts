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

export interface ShardLanesOptions {
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

interface ShardLane {
  queue: Numbered[];
  since: number;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
}

export class ShardLanes {
  readonly #options: ShardLanesOptions;
  readonly #lanes: readonly ShardLane[];
  /** Sequence numbers from the oldest record that was not yet told as handled. */
  #sequenceNumbers: string[] = [];
  #firstIndex = 0;
  #stopped = false;

  constructor(options: ShardLanesOptions) {
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
      const slot = this.#lanes[laneOf(record, this.#lanes.length)];
      if (slot === undefined) continue;
      if (slot.queue.length === 0) slot.since = Date.now();
      slot.queue.push({ index, record });
    }
    for (const slot of this.#lanes) this.#start(slot);
    this.#tell();
  }

  /** Resolves when nothing is in flight any more: all handled, or stopped. */
  async drained(): Promise<void> {
    for (const slot of this.#lanes) {
      while (slot.running !== undefined || (slot.timer !== undefined && !this.#stopped))
        await (slot.running ?? this.#flush(slot));
    }
  }

  /** No batch is begun after this. */
  stop(): void {
    this.#stopped = true;
    for (const slot of this.#lanes) clearTimeout(slot.timer);
  }

  #start(slot: ShardLane): void {
    if (this.#stopped || slot.running !== undefined || slot.queue.length === 0) return;
    const waitMs =
      slot.queue.length >= this.#options.batchSize ? 0 : slot.since + this.#options.batchingWindowMs - Date.now();
    clearTimeout(slot.timer);
    slot.timer = waitMs > 0 ? setTimeout(() => void this.#flush(slot), waitMs) : undefined;
    if (waitMs <= 0) void this.#flush(slot);
  }

  #flush(slot: ShardLane): Promise<void> {
    clearTimeout(slot.timer);
    slot.timer = undefined;
    slot.running ??= this.#run(slot).finally(() => {
      slot.running = undefined;
      this.#start(slot);
    });
    return slot.running;
  }

  async #run(slot: ShardLane): Promise<void> {
    const batch = slot.queue.slice(0, this.#options.batchSize);
    let done = 0;
    const all = await this.#options.deliver(
      batch.map(({ record }) => record),
      (sequenceNumber) => {
        const handled = batch.findIndex(({ record }) => record.sequenceNumber === sequenceNumber) + 1;
        slot.queue = slot.queue.slice(handled - done);
        done = Math.max(done, handled);
        this.#tell();
      },
    );
    if (!all) this.#stopped = true;
    slot.since = Date.now();
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
