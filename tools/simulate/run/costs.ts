/** Dollars for what a run has used, from counts of real operations; and for each million that was confirmed. */
import type { Settings } from "../../../core/settings/settings.ts";
import { BATCHES, MAPPING, ROUND_TRIP_MS } from "../aws/quotas.ts";
import { BYTES_A_CALL, DOLLARS, LOG_BYTES, TRACED } from "../aws/prices.ts";
import { streamCost } from "../aws/stream.ts";

const GB = 1e9;
/** Milliseconds between two looks for due transactions in which `release-due` does nothing but read. */
const LOOK_MS = 50;

/** What was used in one second. */
export interface SecondUsed {
  readonly tableUnits: number;
  readonly changes: number;
  /** Messages that were put on the queue by the stream. */
  readonly messages: number;
  /** The same by `release-due`. */
  readonly released: number;
  /** Messages that each running task received. */
  readonly receivedByTask: readonly number[];
  /** Tasks that are paid for. */
  readonly tasks: number;
  readonly calls: number;
  readonly reads: number;
}

export class Costs {
  readonly #settings: Settings;
  readonly #shards: number;
  dollars = 0;
  queueCalls = 0;
  executions = 0;

  /** @param shards of the stream */
  constructor(settings: Settings, shards: number) {
    this.#settings = settings;
    this.#shards = shards;
  }

  add(used: SecondUsed): void {
    const stream = streamCost(this.#shards, used.changes, used.messages);
    const received = used.receivedByTask.reduce((sum, count) => sum + callsOf(count), 0);
    const queueCalls = stream.queueCalls + received + used.released / BATCHES.messages;
    const lookGbSeconds =
      (LOOK_MS / 1000 / this.#settings.release.everySeconds +
        used.released * (ROUND_TRIP_MS.claimAndSend / 1000 / 100)) *
      MAPPING.memoryGb;
    const { cpu, memoryMiB } = this.#settings.worker;
    const taskHour = (cpu / 1024) * DOLLARS.taskVcpuHour + (memoryMiB / 1024) * DOLLARS.taskGbHour;
    const logBytes = stream.executions * LOG_BYTES.execution + used.tasks * LOG_BYTES.taskSecond;
    this.queueCalls += queueCalls;
    this.executions += stream.executions;
    this.dollars +=
      used.tableUnits * DOLLARS.tableWrite +
      used.reads * DOLLARS.tableRead +
      queueCalls * DOLLARS.queueCall +
      stream.executions * DOLLARS.execution +
      (stream.gbSeconds + lookGbSeconds) * DOLLARS.executionGbSecond +
      (used.tasks * taskHour) / 3600 +
      (used.calls * BYTES_A_CALL * DOLLARS.egressGb) / GB +
      used.messages * TRACED * DOLLARS.trace +
      (logBytes * DOLLARS.logGb) / GB;
  }
}

/**
 * Receives and deletes of one task in a second. One poller always asks, as often as answers come back, and gets what is
 * there; a full batch makes more of them. Deletes leave when the one before is back, or when there are ten.
 */
function callsOf(messages: number): number {
  const batched = (perSecond: number) => Math.max(messages / BATCHES.messages, Math.min(messages, perSecond));
  const longPolls = 2 / BATCHES.longPollSeconds;
  return Math.max(longPolls, batched(1000 / ROUND_TRIP_MS.receive)) + batched(1000 / ROUND_TRIP_MS.delete);
}
