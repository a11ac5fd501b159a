/**
 * What is told of merchants of the sandbox: three counts, and the steps of those that are followed. Nothing of it is in
 * what alarms, objectives, charts and rankings rest on: a developer's broken endpoint is nobody's incident.
 */
import type { AttemptOutcome } from "../../retry/next-step.ts";
import { METRICS } from "../../settings/names.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { Job } from "../job.ts";
import type { TelemetryPort } from "../ports.ts";
import { toldOutcome } from "./told-outcome.ts";

/** As what it counts instead; the rest counts as nothing. */
const COUNTED_AS: ReadonlyMap<string, string> = new Map([
  [METRICS.confirmed, METRICS.sandboxConfirmed],
  [METRICS.attemptFailed, METRICS.sandboxAttemptFailed],
  [METRICS.deadLetteredMerchant, METRICS.sandboxGivenUp],
  [METRICS.deadLetteredProducer, METRICS.sandboxGivenUp],
  [METRICS.deadLetteredPipeline, METRICS.sandboxGivenUp],
]);

export class SandboxMeasures implements TelemetryPort {
  readonly #of: Omit<TelemetryPort, "sandbox">;
  readonly warn: TelemetryPort["warn"];
  readonly hops: TelemetryPort["hops"];
  readonly program: TelemetryPort["program"];
  /** Whose campaign it is has nothing to do with a developer's trials. */
  readonly campaigns = undefined;

  /** @param of everybody: it counts what is counted, and takes the steps */
  constructor(of: Omit<TelemetryPort, "sandbox">) {
    this.#of = of;
    this.warn = of.warn;
    this.hops = of.hops;
    this.program = of.program;
  }

  get sandbox(): this {
    return this;
  }

  count(metric: string): void {
    const own = COUNTED_AS.get(metric);
    if (own !== undefined) this.#of.count(own);
  }

  called(job: Job, outcome: AttemptOutcome, tookMs: number | undefined): void {
    this.step(job, "called", () => ({ outcome: toldOutcome(outcome), tookMs }));
  }

  confirmed(job: Job): void {
    this.step(job, "confirmed");
  }

  parked(job: Job, reason: string): void {
    this.step(job, "parked", () => ({ reason }));
  }

  gaveUp(job: Job, { code, reason }: Failure): void {
    this.step(job, "given up", () => ({ code, reason }));
  }

  step(...told: Parameters<TelemetryPort["step"]>): void {
    this.#of.step(...told);
  }
}
