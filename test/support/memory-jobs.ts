/** The Jobs table in memory, as calls use it; `test/core/aws/against-dynamodb/` holds it against the real one. */
import type { JobsTable } from "../../core/aws/jobs-table.ts";
import { resultAttributes, type MerchantCallResult } from "../../core/jobs/merchant-call.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { number, text } from "./rows.ts";

export class MemoryJobs implements Pick<JobsTable, "read" | "begin" | "record"> {
  readonly rows = new Map<string, AttributeMap>();
  /** Asked before each record; throws in its place. */
  fault: () => void = () => undefined;

  put(row: AttributeMap): void {
    this.rows.set(row["jobId"]?.S ?? "", row);
  }

  async read(jobId: string): Promise<AttributeMap | undefined> {
    return this.rows.get(jobId);
  }

  async begin(jobId: string, seen: number | undefined, now: number): Promise<boolean> {
    return this.#change(jobId, seen, { startedAt: number(now) });
  }

  async record(jobId: string, startedAt: number | undefined, result: MerchantCallResult, now: number) {
    this.fault();
    return this.#change(jobId, startedAt, {
      ...resultAttributes(result),
      state: text("done"),
      doneAt: number(now),
    });
  }

  #change(jobId: string, startedAt: number | undefined, changes: AttributeMap): boolean {
    const row = this.rows.get(jobId);
    const isAsSeen = row?.["startedAt"]?.N === (startedAt === undefined ? undefined : String(startedAt));
    if (row === undefined || row["state"]?.S !== "queued" || !isAsSeen) return false;
    this.rows.set(jobId, { ...row, ...changes });
    return true;
  }
}
