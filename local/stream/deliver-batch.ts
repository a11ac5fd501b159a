/**
 * Takes one batch of a shard to the function, again and again by the plan of `retry-plan.ts`, until every record of it
 * is handled or quarantined. Only then may the shard go on: order within a shard is kept.
 */
import { backoffMs, type Batch, type InvocationOutcome, type MappingRules, planRetry } from "./retry-plan.ts";
import type { StreamRecord } from "./stream-event.ts";

export interface DeliveryTools {
  readonly rules: MappingRules;
  invoke(records: readonly StreamRecord[]): Promise<unknown>;
  quarantine(records: readonly StreamRecord[]): Promise<void>;
  /** Everything up to here is handled. */
  progress(sequenceNumber: string): void;
  now(): number;
  /** Rejects when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  onFailure(error: unknown): void;
}

/** @returns false when the stack stopped before everything was handled */
export async function deliverBatch(
  records: readonly StreamRecord[],
  tools: DeliveryTools,
  signal: AbortSignal,
): Promise<boolean> {
  let open: readonly Batch<StreamRecord>[] = [{ records, failures: 0 }];
  while (!signal.aborted) {
    const [batch, ...rest] = open;
    if (batch === undefined) return true;
    const outcome = await invoke(batch, tools, signal);
    // A function that was ended with the stack has not failed.
    if (signal.aborted && outcome.kind === "failed") return false;
    const { retry, quarantined } = planRetry(batch, outcome, tools.rules, tools.now());
    if (quarantined.length > 0) await tools.quarantine(quarantined);
    open = [...retry, ...rest];
    const next = open[0];
    const last = lastHandled(records, next);
    if (last !== undefined) tools.progress(last.sequenceNumber);
    if (next !== undefined && next.failures > 0)
      await tools.wait(backoffMs(next.failures), signal).catch(() => undefined);
  }
  return false;
}

async function invoke(
  batch: Batch<StreamRecord>,
  tools: DeliveryTools,
  signal: AbortSignal,
): Promise<InvocationOutcome> {
  try {
    return { kind: "answered", value: await tools.invoke(batch.records) };
  } catch (error) {
    if (!signal.aborted) tools.onFailure(error);
    return { kind: "failed" };
  }
}

function lastHandled(
  records: readonly StreamRecord[],
  next: Batch<StreamRecord> | undefined,
): StreamRecord | undefined {
  const first = next?.records[0];
  if (first === undefined) return records.at(-1);
  return records[records.indexOf(first) - 1];
}
