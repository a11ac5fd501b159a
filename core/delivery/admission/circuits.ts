/**
 * Circuits as this task knows them. One opens here at the very call that shows it, and for the other tasks through its
 * merchant's health row; when its time is over the first to claim it makes the one probe, whose outcome closes it or
 * opens it again for longer.
 */
import type { MerchantHealthTable } from "../../aws/merchant-health-table.ts";
import {
  type CircuitPolicy,
  type CircuitState,
  circuitAt,
  circuitOpenMs,
  type MerchantHealth,
  PROBE_MARGIN_MS,
} from "../../merchant/merchant-health.ts";
import { METRICS } from "../../settings/names.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { FailureClass } from "../../retry/retry-policy.ts";
import { MerchantCache } from "../merchant-cache.ts";
import type { MerchantHealthDirectory } from "./merchant-health-directory.ts";
import { type EndpointOutcome, OutcomeWindow } from "./outcome-window.ts";
import { type Log, logError } from "../../telemetry/log-error.ts";

export interface CircuitsOptions {
  readonly table: Pick<MerchantHealthTable, "openCircuit" | "claimProbe" | "closeCircuit">;
  readonly healthDirectory: Pick<MerchantHealthDirectory, "get" | "put" | "forget">;
  /** Where outcomes are remembered. @default apart from all else */
  readonly cache?: MerchantCache;
  readonly circuit: CircuitPolicy;
  /** Calls that each outcome stands for, in a simulation. @default 1 */
  readonly callsEach?: number;
  /** The longest deadline of a call: a probe that is not back by then and a little more is taken for lost. */
  readonly deadlineMs: number;
  readonly count: (metric: string) => void;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  readonly random: () => number;
}

export interface Probe {
  /** The health row as this task claimed it. */
  readonly health: MerchantHealth & { readonly circuitOpenUntil: number };
  /** `circuitOpenUntil` as it was before: past. */
  readonly before: number;
}

const NO_RESPONSE: ReadonlySet<FailureClass> = new Set(["connection", "timeout"]);
const FAILING: ReadonlySet<FailureClass> = new Set(["status_408", "status_429", "status_5xx", "service"]);

export class Circuits {
  readonly #options: CircuitsOptions;
  readonly #cache: MerchantCache;

  constructor(options: CircuitsOptions) {
    this.#options = options;
    this.#cache = options.cache ?? new MerchantCache();
  }

  stateOf(health: MerchantHealth): CircuitState {
    if (health.circuitOpenUntil === undefined) return "closed";
    return circuitAt(health, this.#options.now(), this.#options.circuit.maxOpenMs);
  }

  /** @returns undefined when another task makes the probe, or it cannot be claimed now */
  async claimProbe(merchantId: string, health: MerchantHealth): Promise<Probe | undefined> {
    const { table, healthDirectory, now, deadlineMs } = this.#options;
    const before = health.circuitOpenUntil ?? 0;
    const claimed = { ...health, circuitOpenUntil: now() + deadlineMs + PROBE_MARGIN_MS };
    // Before the response: calls of this very task must not claim it as well.
    healthDirectory.put(merchantId, claimed);
    try {
      if (await table.claimProbe(merchantId, before, claimed.circuitOpenUntil)) return { health: claimed, before };
    } catch (error) {
      logError(this.#options.warn, "probe not claimed", error, { merchantId });
    }
    healthDirectory.forget(merchantId);
    return undefined;
  }

  /** The next one may make it at once. */
  async returnProbe(merchantId: string, { health, before }: Probe): Promise<void> {
    const { table, healthDirectory, warn } = this.#options;
    try {
      await table.claimProbe(merchantId, health.circuitOpenUntil, before);
      healthDirectory.forget(merchantId);
    } catch (error) {
      logError(warn, "probe not returned, it counts as lost", error, { merchantId });
    }
  }

  /**
   * @param probe if the call was one
   * @param endedAt milliseconds of the clock that no step touches
   */
  learn(
    merchantId: string,
    probe: Probe | undefined,
    outcome: AttemptOutcome,
    endedAt: number,
  ): Promise<void> | undefined {
    const endpoint = endpointOutcomeOf(outcome);
    if (probe !== undefined)
      return this.#share(
        merchantId,
        endpoint === "healthy" ? this.#close(merchantId, probe.health) : this.#open(merchantId, probe.health),
      );
    const isFailing = this.#windowOf(merchantId).add(endpoint, endedAt, this.#options.callsEach);
    return isFailing ? this.#share(merchantId, this.#openIfClosed(merchantId)) : undefined;
  }

  /** It was seen to fail by what more than this program knows. Never rejects. */
  open(merchantId: string): Promise<void> {
    return this.#share(merchantId, this.#openIfClosed(merchantId));
  }

  /** @returns whether a request of its may be sent once more within its attempt, which counts then */
  mayResend(merchantId: string): boolean {
    return this.#windowOf(merchantId).mayResend(this.#options.elapsedMs());
  }

  async #share(merchantId: string, change: Promise<void>): Promise<void> {
    try {
      await change;
    } catch (error) {
      logError(this.#options.warn, "circuit not shared with other tasks", error, { merchantId });
    }
  }

  async #openIfClosed(merchantId: string): Promise<void> {
    const health = await this.#options.healthDirectory.get(merchantId);
    if (health.circuitOpenUntil === undefined) await this.#open(merchantId, health);
  }

  async #open(merchantId: string, health: MerchantHealth): Promise<void> {
    const { table, healthDirectory, circuit, now, random, count, warn } = this.#options;
    const until = now() + circuitOpenMs(circuit, health.circuitTrips, random());
    const trips = health.circuitTrips + 1;
    healthDirectory.put(merchantId, { ...health, circuitOpenUntil: until, circuitTrips: trips });
    this.#cache.remember(merchantId).outcomes = undefined;
    if (!(await table.openCircuit(merchantId, health.circuitOpenUntil, until, trips)))
      return healthDirectory.forget(merchantId);
    count(METRICS.circuitOpened);
    warn("circuit opened", { merchantId, until: new Date(until).toISOString(), trips });
  }

  async #close(merchantId: string, { circuitOpenUntil, ...health }: Probe["health"]): Promise<void> {
    const { table, healthDirectory, now, count, warn } = this.#options;
    healthDirectory.put(merchantId, { ...health, circuitTrips: 0 });
    this.#cache.remember(merchantId).outcomes = undefined;
    if (!(await table.closeCircuit(merchantId, circuitOpenUntil, now()))) return healthDirectory.forget(merchantId);
    count(METRICS.circuitClosed);
    warn("circuit closed", { merchantId });
  }

  #windowOf(merchantId: string): OutcomeWindow {
    const known = this.#cache.remember(merchantId);
    return (known.outcomes ??= new OutcomeWindow(this.#options.elapsedMs()));
  }
}

/** Nobody has said anything: no connection, or none of a response in time. */
export function isUnanswered(outcome: AttemptOutcome): boolean {
  return outcome.kind === "failed" && NO_RESPONSE.has(outcome.class);
}

/**
 * A response that is about one transaction, such as 400 or 404, says that the endpoint is up; an address that we refuse
 * says nothing.
 */
function endpointOutcomeOf(outcome: AttemptOutcome): EndpointOutcome {
  if (outcome.kind === "delivered") return "healthy";
  if (isUnanswered(outcome)) return "no response";
  return FAILING.has(outcome.class) ? "failing" : "healthy";
}
