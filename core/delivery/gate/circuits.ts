/**
 * Circuits as this task knows them. One opens here at the very call that shows it, and for the other tasks through its
 * merchant's gate; when its time is over the first to claim it makes the one probe, whose outcome closes it or opens it
 * again for longer.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import {
  type CircuitPolicy,
  type CircuitState,
  circuitAt,
  circuitOpenMs,
  type Gate,
  PROBE_MARGIN_MS,
} from "../../merchant/gate.ts";
import { METRICS } from "../../settings/names.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { FailureClass } from "../../retry/retry-policy.ts";
import { KnownMerchants } from "../known-merchants.ts";
import type { GateDirectory } from "./gate-directory.ts";
import { type EndpointOutcome, OutcomeWindow } from "./outcome-window.ts";
import { type Log, logError } from "../../telemetry/log-error.ts";

export interface CircuitsOptions {
  readonly table: Pick<GatesTable, "openCircuit" | "claimProbe" | "closeCircuit">;
  readonly gates: Pick<GateDirectory, "get" | "put" | "forget">;
  /** Where outcomes are remembered. @default apart from all else */
  readonly known?: KnownMerchants;
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
  /** The gate as this task claimed it. */
  readonly gate: Gate & { readonly circuitOpenUntil: number };
  /** `circuitOpenUntil` as it was before: past. */
  readonly before: number;
}

const NO_ANSWER: ReadonlySet<FailureClass> = new Set(["connection", "timeout"]);
const ILL: ReadonlySet<FailureClass> = new Set(["status_408", "status_429", "status_5xx"]);

export class Circuits {
  readonly #options: CircuitsOptions;
  readonly #known: KnownMerchants;

  constructor(options: CircuitsOptions) {
    this.#options = options;
    this.#known = options.known ?? new KnownMerchants();
  }

  stateOf(gate: Gate): CircuitState {
    return circuitAt(gate, this.#options.now(), this.#options.circuit.maxOpenMs);
  }

  /** @returns undefined when another task makes the probe, or it cannot be claimed now */
  async claimProbe(merchantId: string, gate: Gate): Promise<Probe | undefined> {
    const { table, gates, now, deadlineMs } = this.#options;
    const before = gate.circuitOpenUntil ?? 0;
    const claimed = { ...gate, circuitOpenUntil: now() + deadlineMs + PROBE_MARGIN_MS };
    // Before the answer: calls of this very task must not claim it as well.
    gates.put(merchantId, claimed);
    try {
      if (await table.claimProbe(merchantId, before, claimed.circuitOpenUntil)) return { gate: claimed, before };
    } catch (error) {
      logError(this.#options.warn, "probe not claimed", error, { merchantId });
    }
    gates.forget(merchantId);
    return undefined;
  }

  /** The next one may make it at once. */
  async returnProbe(merchantId: string, { gate, before }: Probe): Promise<void> {
    const { table, gates, warn } = this.#options;
    try {
      await table.claimProbe(merchantId, gate.circuitOpenUntil, before);
      gates.forget(merchantId);
    } catch (error) {
      logError(warn, "probe not returned, it counts as lost", error, { merchantId });
    }
  }

  /** @param probe if the call was one */
  learn(merchantId: string, probe: Probe | undefined, outcome: AttemptOutcome): Promise<void> | undefined {
    const endpoint = endpointOutcomeOf(outcome);
    if (probe !== undefined)
      return this.#share(
        merchantId,
        endpoint === "well" ? this.#close(merchantId, probe.gate) : this.#open(merchantId, probe.gate),
      );
    const isIll = this.#windowOf(merchantId).add(endpoint, this.#options.elapsedMs(), this.#options.callsEach);
    return isIll ? this.#share(merchantId, this.#openIfClosed(merchantId)) : undefined;
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
    const gate = await this.#options.gates.get(merchantId);
    if (gate.circuitOpenUntil === undefined) await this.#open(merchantId, gate);
  }

  async #open(merchantId: string, gate: Gate): Promise<void> {
    const { table, gates, circuit, now, random, count, warn } = this.#options;
    const until = now() + circuitOpenMs(circuit, gate.circuitTrips, random());
    const trips = gate.circuitTrips + 1;
    gates.put(merchantId, { ...gate, circuitOpenUntil: until, circuitTrips: trips });
    this.#known.remember(merchantId).outcomes = undefined;
    if (!(await table.openCircuit(merchantId, gate.circuitOpenUntil, until, trips))) return gates.forget(merchantId);
    count(METRICS.circuitOpened);
    warn("circuit opened", { merchantId, until: new Date(until).toISOString(), trips });
  }

  async #close(merchantId: string, { circuitOpenUntil, ...gate }: Probe["gate"]): Promise<void> {
    const { table, gates, now, count, warn } = this.#options;
    gates.put(merchantId, { ...gate, circuitTrips: 0 });
    this.#known.remember(merchantId).outcomes = undefined;
    if (!(await table.closeCircuit(merchantId, circuitOpenUntil, now()))) return gates.forget(merchantId);
    count(METRICS.circuitClosed);
    warn("circuit closed", { merchantId });
  }

  #windowOf(merchantId: string): OutcomeWindow {
    const known = this.#known.remember(merchantId);
    return (known.outcomes ??= new OutcomeWindow(this.#options.elapsedMs()));
  }
}

/** Nobody has said anything: no connection, or none of an answer in time. */
export function isUnanswered(outcome: AttemptOutcome): boolean {
  return outcome.kind === "failed" && NO_ANSWER.has(outcome.class);
}

/**
 * An answer that is about one transaction, such as 400 or 404, says that the endpoint is up; an address that we refuse
 * says nothing.
 */
function endpointOutcomeOf(outcome: AttemptOutcome): EndpointOutcome {
  if (outcome.kind === "delivered") return "well";
  if (isUnanswered(outcome)) return "no answer";
  return ILL.has(outcome.class) ? "ill" : "well";
}
