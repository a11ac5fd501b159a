/**
 * What decides about a row besides the row itself: whether its merchant is there, and whether a job that marked it is
 * still at work. Both are kept for some seconds.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { JobStore } from "../../../core/aws/job-store.ts";
import { MAX_MERCHANT_ROWS, readMerchantRows } from "../../../core/aws/merchant-rows.ts";
import { isOpen, type Job } from "../../../core/jobs/job.ts";
import { isDeleted } from "../../../core/merchant/tombstone.ts";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";
import { redeliveryOf } from "../../../core/transaction/row/redelivery.ts";
import type { DecideOptions } from "./decide.ts";

export type About = Pick<DecideOptions, "isAtWork" | "merchantFault">;
type MerchantFault = ReturnType<DecideOptions["merchantFault"]>;

const KEPT_MS = 5000;
const UNREAD_ROUNDS = 5;

interface Kept<Value> {
  readonly value: Value;
  readonly until: number;
}

export class Surroundings {
  readonly #client: DynamoDBClient;
  readonly #merchantsTable: string;
  readonly #store: Pick<JobStore, "job">;
  readonly #now: () => number;
  readonly #merchants = new Map<string, Kept<MerchantFault>>();
  readonly #jobs = new Map<string, Kept<boolean>>();

  constructor(client: DynamoDBClient, merchantsTable: string, store: Pick<JobStore, "job">, now: () => number) {
    this.#client = client;
    this.#merchantsTable = merchantsTable;
    this.#store = store;
    this.#now = now;
  }

  async about(job: Pick<Job, "jobId">, rows: readonly AttributeMap[]): Promise<About> {
    const merchantIds = unknownOf(rows.map(merchantOf), this.#merchants, this.#now());
    for (let start = 0; start < merchantIds.length; start += MAX_MERCHANT_ROWS)
      await this.#readMerchants(merchantIds.slice(start, start + MAX_MERCHANT_ROWS));
    const others = rows.flatMap((row) => redeliveryOf(row)?.jobId ?? []).filter((jobId) => jobId !== job.jobId);
    for (const jobId of unknownOf(others, this.#jobs, this.#now())) {
      const other = await this.#store.job(jobId);
      this.#jobs.set(jobId, { value: other !== undefined && isOpen(other), until: this.#now() + KEPT_MS });
    }
    return {
      merchantFault: (row) =>
        merchantOf(row) === "" ? "merchant_unknown" : this.#merchants.get(merchantOf(row))?.value,
      isAtWork: (jobId) => this.#jobs.get(jobId)?.value ?? false,
    };
  }

  async #readMerchants(merchantIds: readonly string[]): Promise<void> {
    let left = merchantIds;
    for (let round = 0; left.length > 0 && round < UNREAD_ROUNDS; round += 1) {
      const found = (await readMerchantRows(this.#client, { [this.#merchantsTable]: left }))(this.#merchantsTable);
      const until = this.#now() + KEPT_MS;
      for (const merchantId of left) {
        if (found.unread.has(merchantId)) continue;
        const row = found.rows.get(merchantId);
        const value = row === undefined ? "merchant_unknown" : isDeleted(row) ? "merchant_deleted" : undefined;
        this.#merchants.set(merchantId, { value, until });
      }
      left = [...found.unread];
    }
  }
}

/** Whom the worker would call. */
function merchantOf(row: AttributeMap): string {
  return stringOf(row["merchantId"]) ?? "";
}

function unknownOf(ids: readonly string[], known: Map<string, Kept<unknown>>, now: number): string[] {
  for (const [id, { until }] of known) if (until <= now) known.delete(id);
  return [...new Set(ids)].filter((id) => id !== "" && !known.has(id));
}
