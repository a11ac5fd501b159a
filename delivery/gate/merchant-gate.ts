/**
 * Whether a merchant may be called now. In this order: paused, URL disabled, circuit, bulkhead, rate limit; what is turned away was not
 * tried and waits in the table. A circuit opens in this task at the very call that shows it, and for the others through the merchant's
 * gate; when its time is over the first to claim it makes the one probe.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import { type CircuitPolicy, circuitAt, circuitOpenMs, type Gate, type WaitReason } from "../../core/gate.ts";
import type { Merchant } from "../../core/merchant.ts";
import { METRICS } from "../../core/names.ts";
import type { AttemptOutcome } from "../../core/next-step.ts";
import type { FailureClass } from "../../core/retry-policy.ts";
import type { Destination } from "../destination.ts";
import type { AdaptiveBulkhead, CallEnd } from "./adaptive-bulkhead.ts";
import type { GateDirectory } from "./gate-directory.ts";
import { OutcomeWindow } from "./outcome-window.ts";
import type { RateLimiter } from "./rate-limiter.ts";

export interface MerchantGateOptions {
  readonly table: Pick<GatesTable, "openCircuit" | "claimProbe" | "closeCircuit" | "disable" | "markWaiting">;
  readonly gates: Pick<GateDirectory, "get" | "put" | "forget">;
  readonly bulkhead: Pick<AdaptiveBulkhead, "tryEnter" | "leave">;
  readonly rateLimiter: Pick<RateLimiter, "take">;
  readonly circuit: CircuitPolicy;
  /** The longest deadline of a call: a probe that is not back by then and a little more is taken for lost. */
  readonly deadlineMs: number;
  readonly count: (metric: string) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
  readonly random: () => number;
}

export type Entry =
  | { readonly kind: "closed"; readonly reason: WaitReason }
  /** `leave` must follow, with the outcome or with undefined when the call was not made. */
  | { readonly kind: "open"; readonly leave: (outcome: AttemptOutcome | undefined) => Promise<void> };

/** Waiting transactions a second that are released first when a circuit has closed; the rate then doubles look by look. */
export const FIRST_RELEASE_RATE = 10;
/** Milliseconds past its deadline after which a probe is taken for lost. */
const PROBE_MARGIN_MS = 5000;
/** Milliseconds between two notes that something waits; `release-due` forgets a note after minutes. */
const MARK_EVERY_MS = 1000;
/** Part of the deadline up to which an answer is quick. */
const QUICK_SHARE = 0.5;
const MAX_REMEMBERED = 50_000;
const NO_ANSWER: ReadonlySet<FailureClass> = new Set(["connection", "timeout"]);
const ILL: ReadonlySet<FailureClass> = new Set([...NO_ANSWER, "status_408", "status_429", "status_5xx"]);

export class MerchantGate {
  readonly #options: MerchantGateOptions;
  readonly #windows = new Map<string, OutcomeWindow>();
  readonly #markedAt = new Map<string, number>();

  constructor(options: MerchantGateOptions) {
    this.#options = options;
  }

  /** @throws when the merchant's gate cannot be read; nothing was tried then */
  async enter(merchant: Merchant, { origin, path }: Destination): Promise<Entry> {
    const { gates, bulkhead, rateLimiter, now } = this.#options;
    const { merchantId, maxConcurrency, rateLimitPerSecond } = merchant;
    const gate = await gates.get(merchantId);
    if (gate.pausedAt !== undefined) return closed("paused");
    if (gate.disabledUrls.includes(origin + path)) return closed("url disabled");
    const circuit = circuitAt(gate, now(), this.#options.circuit.maxOpenMs);
    if (circuit === "open") return closed("circuit open");
    const key = { merchantId, origin };
    if (!bulkhead.tryEnter(key, maxConcurrency)) return closed("no room");
    const refuse = (reason: WaitReason): Entry => {
      bulkhead.leave(key, "not made");
      return closed(reason);
    };
    try {
      const probe = circuit === "half open" ? await this.#claimProbe(merchantId, gate) : undefined;
      if (circuit === "half open" && probe === undefined) return refuse("circuit open");
      if (rateLimitPerSecond !== undefined && !(await rateLimiter.take(merchantId, rateLimitPerSecond)))
        return refuse("rate limit");
      const startedAt = now();
      return {
        kind: "open",
        leave: async (outcome) => {
          bulkhead.leave(key, this.#endOf(outcome, now() - startedAt));
          if (outcome !== undefined) await this.#learn(merchantId, probe, outcome);
        },
      };
    } catch (error) {
      bulkhead.leave(key, "not made");
      throw error;
    }
  }

  /** To be called before a transaction is parked for its merchant's sake: `release-due` looks only where this was noted. */
  async markWaiting(merchantId: string, reason: WaitReason): Promise<void> {
    const { table, now } = this.#options;
    const markedAt = this.#markedAt.get(merchantId);
    if (markedAt !== undefined && now() - markedAt < MARK_EVERY_MS && now() >= markedAt) return;
    await table.markWaiting(merchantId, reason === "no room" || reason === "rate limit", now());
    if (this.#markedAt.size >= MAX_REMEMBERED) this.#markedAt.clear();
    this.#markedAt.set(merchantId, now());
  }

  /** The merchant wants no more at this URL, until another one is registered or it is enabled again. */
  async disable(merchantId: string, { origin, path }: Destination, why: string): Promise<void> {
    const { table, gates, count, warn } = this.#options;
    if (!(await table.disable(merchantId, origin + path))) {
      warn("url not disabled, the merchant has too many of them", { merchantId });
      return;
    }
    count(METRICS.urlDisabled);
    warn("url disabled", { merchantId, url: origin + path, why });
    const gate = await gates.get(merchantId);
    gates.put(merchantId, { ...gate, disabledUrls: [...gate.disabledUrls, origin + path] });
  }

  /** @returns the gate as it is now, or undefined when another task makes the probe */
  async #claimProbe(merchantId: string, gate: Gate): Promise<Gate | undefined> {
    const { table, gates, now, deadlineMs } = this.#options;
    const claimed = { ...gate, circuitOpenUntil: now() + deadlineMs + PROBE_MARGIN_MS };
    // Before the answer: calls of this very task must not claim it as well.
    gates.put(merchantId, claimed);
    if (await table.claimProbe(merchantId, gate.circuitOpenUntil ?? 0, claimed.circuitOpenUntil)) return claimed;
    gates.forget(merchantId);
    return undefined;
  }

  async #learn(merchantId: string, probe: Gate | undefined, outcome: AttemptOutcome): Promise<void> {
    const { now } = this.#options;
    const isIll = isEndpointIll(outcome);
    try {
      if (probe !== undefined) await (isIll ? this.#open(merchantId, probe) : this.#close(merchantId, probe));
      else if (this.#windowOf(merchantId).add(isIll, now())) {
        const gate = await this.#options.gates.get(merchantId);
        if (gate.circuitOpenUntil === undefined) await this.#open(merchantId, gate);
      }
    } catch (error) {
      this.#options.warn("circuit not shared with other tasks", { merchantId, error: String(error) });
    }
  }

  async #open(merchantId: string, gate: Gate): Promise<void> {
    const { table, gates, circuit, now, random, count, warn } = this.#options;
    const until = now() + circuitOpenMs(circuit, gate.circuitTrips, random());
    const trips = gate.circuitTrips + 1;
    gates.put(merchantId, { ...gate, circuitOpenUntil: until, circuitTrips: trips });
    this.#windows.delete(merchantId);
    if (!(await table.openCircuit(merchantId, gate.circuitOpenUntil, until, trips))) return gates.forget(merchantId);
    count(METRICS.circuitOpened);
    warn("circuit opened", { merchantId, until: new Date(until).toISOString(), trips });
  }

  async #close(merchantId: string, { circuitOpenUntil = 0, ...gate }: Gate): Promise<void> {
    const { table, gates, now, count, warn } = this.#options;
    gates.put(merchantId, { ...gate, circuitTrips: 0 });
    this.#windows.delete(merchantId);
    if (!(await table.closeCircuit(merchantId, circuitOpenUntil, FIRST_RELEASE_RATE, now())))
      return gates.forget(merchantId);
    count(METRICS.circuitClosed);
    warn("circuit closed", { merchantId });
  }

  #endOf(outcome: AttemptOutcome | undefined, tookMs: number): CallEnd {
    if (outcome === undefined) return "not made";
    if (outcome.kind === "failed" && NO_ANSWER.has(outcome.class)) return "no answer";
    return tookMs <= this.#options.deadlineMs * QUICK_SHARE ? "quick answer" : "slow answer";
  }

  #windowOf(merchantId: string): OutcomeWindow {
    const known = this.#windows.get(merchantId);
    if (known !== undefined) return known;
    if (this.#windows.size >= MAX_REMEMBERED) this.#windows.clear();
    const window = new OutcomeWindow(this.#options.now());
    this.#windows.set(merchantId, window);
    return window;
  }
}

/** An answer that is about one transaction, such as 400 or 404, says that the endpoint is up; so does an address that we refuse. */
function isEndpointIll(outcome: AttemptOutcome): boolean {
  return outcome.kind === "failed" && ILL.has(outcome.class);
}

function closed(reason: WaitReason): Entry {
  return { kind: "closed", reason };
}
