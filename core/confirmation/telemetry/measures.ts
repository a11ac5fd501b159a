/**
 * What a task measures beside plain counts, and what it tells of single transactions: nothing for one that goes well, a
 * line for each that is given up, as long as they are few, and whatever is asked for of those that are followed.
 */
import { CHANNEL_WAITS } from "../../channels/channel-waits.ts";
import type { DebugStep } from "../../aws/logger.ts";
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { TelemetryPort } from "../ports.ts";
import type { Log } from "../../telemetry/log-error.ts";
import type { HopSender } from "../../telemetry/trace-hop.ts";
import type { MerchantTroubles } from "../../telemetry/merchant-troubles.ts";
import type { Meter } from "../../telemetry/meter.ts";
import { ACKNOWLEDGEMENT } from "../../transaction/row/acknowledgement.ts";
import { METRICS } from "../../settings/names.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { HopProgram } from "../attempt-trace.ts";
import { SandboxMeasures } from "./sandbox-measures.ts";
import { committedAtOf, idsOf, type Job } from "../job.ts";
import { toldOutcome } from "./told-outcome.ts";

export interface MeasuresOptions {
  readonly meter: Pick<Meter, "count" | "countPart" | "observe">;
  readonly troubles: Pick<MerchantTroubles, "add">;
  readonly debug: DebugStep;
  readonly warn: Log;
  /** @default no label is looked at */
  readonly campaigns?: TelemetryPort["campaigns"];
  /** Takes the hops of transactions whose path is traced. */
  readonly hops: HopSender;
  /** Whose hops they are. @default the worker's */
  readonly program?: HopProgram | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Given up one by one between two publications; the rest is in its merchant's line only. */
const MAX_GIVEN_UP_LINES = 100;
/** What it waits for by its own plan. */
const NO_TROUBLE: ReadonlySet<string> = new Set([ACKNOWLEDGEMENT, CHANNEL_WAITS.receipt, CHANNEL_WAITS.hours]);
/** Failed attempts of a row without a merchant are told together. */
const NO_MERCHANT = "(none)";

export class Measures implements TelemetryPort {
  readonly warn: Log;
  readonly hops: HopSender;
  readonly program: HopProgram | undefined;
  readonly campaigns: TelemetryPort["campaigns"];
  readonly sandbox: SandboxMeasures;
  readonly #options: MeasuresOptions;
  #givenUpLines = 0;

  constructor(options: MeasuresOptions) {
    this.#options = options;
    this.warn = options.warn;
    this.hops = options.hops;
    this.program = options.program;
    this.campaigns = options.campaigns;
    this.sandbox = new SandboxMeasures(this);
  }

  count(metric: string, by?: number): void {
    this.#options.meter.count(metric, by);
  }

  /** What one receive brought. */
  received(messages: readonly ReceivedMessage[]): void {
    const { meter, now } = this.#options;
    if (messages.length === 0) return;
    meter.observe(METRICS.batchFill, messages.length);
    const at = now();
    // One that came before waited for its retry, or behind others, and not for a worker.
    for (const { receiveCount, sentAt } of messages)
      if (receiveCount === 1 && sentAt > 0) meter.observe(METRICS.queueAge, at - sentAt);
  }

  /** @param tookMs from the call's beginning to its outcome; undefined for what was no call of a webhook */
  called(job: Job, outcome: AttemptOutcome, tookMs: number | undefined): void {
    const { meter, troubles } = this.#options;
    if (tookMs !== undefined) meter.observe(METRICS.webhookLatency, tookMs);
    if (outcome.kind === "failed") {
      meter.countPart(METRICS.attemptFailed, "class", outcome.class);
      troubles.add(job.merchantId ?? NO_MERCHANT, "failedAttempts", job.target.transactionId, outcome.error);
    }
    this.step(job, "called", () => ({ outcome: toldOutcome(outcome), tookMs }));
  }

  confirmed(job: Job): void {
    const { meter, now } = this.#options;
    const committedAt = committedAtOf(job);
    if (committedAt !== undefined) meter.observe(METRICS.commitToConfirmed, now() - committedAt);
    this.step(job, "confirmed", () => ({ committedAt }));
  }

  /** @param reason what it waits for: its next attempt, or something at its merchant */
  parked(job: Job, reason: string): void {
    const { meter, troubles } = this.#options;
    meter.countPart(METRICS.parked, "reason", reason);
    // That it confirms later is no trouble of its merchant's.
    if (!NO_TROUBLE.has(reason)) troubles.add(job.merchantId ?? NO_MERCHANT, "parked", job.target.transactionId);
    this.step(job, "parked", () => ({ reason }));
  }

  gaveUp(job: Job, failure: Failure): void {
    const { troubles, warn } = this.#options;
    troubles.add(job.merchantId ?? NO_MERCHANT, "deadLettered", job.target.transactionId, failure.reason);
    this.#givenUpLines += 1;
    if (this.#givenUpLines > MAX_GIVEN_UP_LINES) return;
    const { code, fault, reason } = failure;
    warn("transaction given up", { ...idsOf(job), code, fault, reason, attemptCount: job.state.attemptCount });
  }

  /** For a transaction that is followed. */
  step(job: Job, step: string, details?: () => Readonly<Record<string, unknown>>): void {
    this.#options.debug(job.target.transactionId, step, () => ({ ...idsOf(job), ...details?.() }));
  }

  /** To be called when what was measured is published. */
  published(): void {
    this.#givenUpLines = 0;
  }
}
