/**
 * Whoever has transactions sent again: asks the API for jobs, counts first, pauses, cancels, deletes a merchant before.
 * Notes what rows say just before, so that what a job must not touch can be told afterwards.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Course, Fault } from "../plan/fault.ts";
import { LEAVING } from "../plan/merchants.ts";
import type { JobApi } from "./job-api.ts";
import type { RunJob } from "./run-jobs.ts";
import type { WholeRow } from "./whole-rows.ts";

export interface RedeliveryOperatorOptions {
  readonly api: Pick<JobApi, "ask">;
  readonly rows: () => Promise<readonly WholeRow[]>;
  readonly jobs: () => Promise<readonly RunJob[]>;
  readonly isStopped: () => boolean;
}

type Redelivery = Extract<Fault, { readonly kind: "redelivery" }>;

const RATE_PER_SECOND = 20;
const ASKED_WITHIN_MS = 15_000;
const COUNTED_WITHIN_MS = 30_000;
const STEERED_AFTER_MS = 1500;
const LOOK_EVERY_MS = 500;

export class RedeliveryOperator {
  readonly #options: RedeliveryOperatorOptions;
  readonly #confirmedAt = new Map<string, number>();
  readonly #failed = new Set<string>();
  readonly #courses = new Map<string, Course>();

  constructor(options: RedeliveryOperatorOptions) {
    this.#options = options;
  }

  /** When rows were first seen to have been confirmed, by id and version. */
  get confirmedAt(): ReadonlyMap<string, number> {
    return this.#confirmedAt;
  }

  /** Transactions that had failed before a job that may have opened them again. */
  get mayBeReopened(): ReadonlySet<string> {
    return this.#failed;
  }

  get courses(): ReadonlyMap<string, Course> {
    return this.#courses;
  }

  async carryOut({ course, merchantId, state }: Redelivery): Promise<void> {
    const { api, rows } = this.#options;
    if (course === "of one that leaves")
      await api.ask("DELETE", `/merchants/${LEAVING}`, { withinMs: ASKED_WITHIN_MS, isAgain: true });
    for (const row of await rows()) this.#note(row);
    const filter = { ...(merchantId !== undefined && { merchantId }), ...(state !== undefined && { state }) };
    const dryRun = course === "counted first";
    const body = { filter, reason: `chaos: ${course}`, ratePerSecond: RATE_PER_SECOND, dryRun };
    const asked = await api.ask("POST", "/redeliveries", { body, withinMs: ASKED_WITHIN_MS });
    const jobId = asked?.["jobId"];
    if (typeof jobId !== "string") return;
    this.#courses.set(jobId, course);
    if (dryRun && (await this.#until(jobId, "counted"))) await this.#act(jobId, "start");
    if (course !== "paused" && course !== "canceled") return;
    await sleep(STEERED_AFTER_MS);
    await this.#act(jobId, course === "paused" ? "pause" : "cancel");
    if (course === "canceled") return;
    await sleep(STEERED_AFTER_MS);
    await this.#act(jobId, "resume");
  }

  /** Once faults are over: whoever paused one goes on with it. */
  async finish(): Promise<void> {
    for (const { jobId, state } of await this.#options.jobs()) if (state === "paused") await this.#act(jobId, "resume");
  }

  #note({ transactionId, version, state, settledAt }: WholeRow): void {
    if (state === "FAILED") this.#failed.add(transactionId);
    const key = `${transactionId} ${version}`;
    if (state === "CONFIRMED" && settledAt !== undefined && !this.#confirmedAt.has(key))
      this.#confirmedAt.set(key, settledAt);
  }

  async #act(jobId: string, verb: "start" | "pause" | "resume" | "cancel"): Promise<void> {
    await this.#options.api.ask("POST", `/redeliveries/${jobId}/${verb}`, { withinMs: ASKED_WITHIN_MS });
  }

  async #until(jobId: string, state: string): Promise<boolean> {
    const untilMs = Date.now() + COUNTED_WITHIN_MS;
    for (; Date.now() < untilMs && !this.#options.isStopped(); await sleep(LOOK_EVERY_MS))
      if ((await this.#options.jobs()).some((job) => job.jobId === jobId && job.state === state)) return true;
    return false;
  }
}
