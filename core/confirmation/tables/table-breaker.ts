/** The breaker of the tables that every message needs, with probes and log lines. */
import { randomUUID } from "node:crypto";
import type { MessageQueue } from "../../aws/message-queue.ts";
import type { Log } from "../../telemetry/log-error.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import { DependencyBreaker } from "./dependency-breaker.ts";

/** @param reads of each table. Each rejects when its table cannot be read */
export function tableBreaker(
  reads: readonly ((key: string) => Promise<unknown>)[],
  clock: Pick<TaskClock, "elapsedMs">,
  warn: Log,
): DependencyBreaker<MessageQueue> {
  return new DependencyBreaker<MessageQueue>({
    // Another key each time: one that is throttled says nothing about its table.
    probe: () => {
      const key = `probe ${randomUUID()}`;
      return Promise.all(reads.map((read) => read(key)));
    },
    now: () => clock.elapsedMs(),
    changed: (mode, details) =>
      warn(mode === "unavailable" ? "a table cannot be read" : "the tables can be read again", details),
  });
}
