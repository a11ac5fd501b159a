/**
 * The redeliveries of one question: jobs that only count, which are started once somebody agrees, or canceled.
 *
 *   asked for ──► counting ──► counted ──► running ──► done
 *                    └── leave ────┴──► canceled
 *
 * Each step may be refused or its response lost, and is asked for again: what was made is not made twice, what was
 * started is not started twice, and what runs is never canceled. After `leave` nothing further is asked for.
 */
import type { Api } from "../api/api.ts";
import type { GivenFilter } from "./failed-filter.ts";
import { type Plan, planRedelivery } from "./failed-reads.ts";

export class RedeliveryPlans {
  readonly #api: Api;
  readonly #filters: readonly GivenFilter[];
  readonly #jobIds: string[] = [];
  #isLeft = false;
  #starting: Promise<boolean> | undefined;

  /** @param filters one redelivery each */
  constructor(api: Api, filters: readonly GivenFilter[]) {
    this.#api = api;
    this.#filters = filters;
  }

  /** Goes on after those that were made. @param onMade told of each. @throws Refusal */
  async make(reason: string, onMade: (plan: Plan) => void): Promise<void> {
    while (!this.#isLeft) {
      const filter = this.#filters[this.#jobIds.length];
      if (filter === undefined) return;
      const made = await planRedelivery(this.#api, filter, reason);
      this.#jobIds.push(made.jobId);
      if (this.#isLeft) await this.#cancel(made.jobId).catch(() => undefined);
      else onMade(made);
    }
  }

  /**
   * Starts what was counted, but for what would send nothing, which is canceled. What somebody started or canceled
   * elsewhere stays as it is.
   *
   * @returns whether all are started; not where they were left meanwhile
   * @throws Refusal
   */
  start(): Promise<boolean> {
    this.#starting = this.#startAll();
    return this.#starting;
  }

  async #startAll(): Promise<boolean> {
    for (const jobId of this.#jobIds) {
      if (this.#isLeft) return false;
      const { state, count = 0 } = await this.#read(jobId);
      if (this.#isLeft) return false;
      if (state === "counted" && count === 0) await this.#cancel(jobId);
      // One that is counted still is refused, which is told.
      else if (state === "counted" || state === "counting") await this.#start(jobId);
    }
    return !this.#isLeft;
  }

  /** Cancels what only counts. What cannot be canceled just now sends nothing either. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    // What is being started may run by the time that it is looked at; of what is all started nothing only counts.
    if ((await this.#starting?.catch(() => false)) === true) return;
    for (const jobId of this.#jobIds)
      await this.#read(jobId)
        .then(({ state }) => (state === "counting" || state === "counted" ? this.#cancel(jobId) : undefined))
        .catch(() => undefined);
  }

  #read(jobId: string): Promise<Plan> {
    return this.#api.ask((client) => client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } } }));
  }

  #start(jobId: string): Promise<Plan> {
    return this.#api.ask((client) => client.POST("/v1/redeliveries/{jobId}/start", { params: { path: { jobId } } }));
  }

  #cancel(jobId: string): Promise<Plan> {
    return this.#api.ask((client) => client.POST("/v1/redeliveries/{jobId}/cancel", { params: { path: { jobId } } }));
  }
}
