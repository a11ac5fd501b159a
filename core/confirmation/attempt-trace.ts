/**
 * The hop of one message through the worker, for those few whose path is traced; for all others there is none, and
 * nothing is kept, timed or sent. Restored from the message's body: the attribute `AWSTraceHeader` says the same where
 * a queue keeps it, but SQS gives one of the sender's invocation to a message that brought none (SQS Developer Guide,
 * "Amazon SQS and X-Ray").
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import type { Failure } from "../transaction/failure.ts";
import type { ConfirmationMessage } from "../transaction/message.ts";
import { WORKER_SERVICE } from "../settings/names.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import type { FailureClass } from "../retry/retry-policy.ts";
import { newSegmentId, parseTrace, type Trace, traceparent } from "../telemetry/trace.ts";
import { beginHop, type HopSender, type OpenHop, type StepFlag, type TraceStep } from "../telemetry/trace-hop.ts";
import type { InFlightMessage } from "./in-flight-message.ts";
import { errorLine } from "../errors/error-fields.ts";

/** A program as its hops name it. */
export interface HopProgram {
  readonly name: string;
  /** What it runs on, by X-Ray's names. */
  readonly origin: string;
}

const WORKER: HopProgram = Object.freeze({ name: WORKER_SERVICE, origin: "AWS::ECS::Container" });
/** Whose fault a failed call was, in X-Ray's terms: what a merchant refuses is an error, what it cannot do a fault. */
const ERRORS: ReadonlySet<FailureClass> = new Set(["status_4xx", "status_408", "redirect", "refused"]);

export interface AttemptTraceOptions {
  readonly sender: HopSender;
  readonly now: () => number;
  /** @default the worker */
  readonly program?: HopProgram | undefined;
}

/** @returns undefined for a message whose path is not traced */
export function traceAttempt(
  message: ConfirmationMessage,
  inFlight: InFlightMessage | undefined,
  options: AttemptTraceOptions,
): AttemptTrace | undefined {
  if (message.trace === undefined) return undefined;
  const trace = parseTrace(message.trace);
  return trace?.isSampled === true ? new AttemptTrace(trace, message, inFlight, options) : undefined;
}

/** For the merchant, of a message that brought a trace, sampled or not. */
export function forwardedTraceparent({ trace }: ConfirmationMessage): string | undefined {
  const parsed = trace === undefined ? undefined : parseTrace(trace);
  return parsed && traceparent(parsed);
}

export class AttemptTrace {
  readonly #options: AttemptTraceOptions;
  readonly #trace: Trace;
  readonly #hop: OpenHop;
  readonly #message: ConfirmationMessage;
  readonly #callId = newSegmentId();
  readonly #startedAt: number;
  readonly #steps: TraceStep[] = [];
  readonly #flags: StepFlag[] = [];
  #merchantId = "";
  #attempt: number | undefined;
  #outcome = "discarded";
  #error: string | undefined;

  constructor(
    trace: Trace,
    message: ConfirmationMessage,
    inFlight: InFlightMessage | undefined,
    options: AttemptTraceOptions,
  ) {
    this.#options = options;
    this.#trace = trace;
    this.#message = message;
    const { name, origin } = options.program ?? WORKER;
    this.#hop = beginHop(options.sender, trace, name, origin);
    const takenAt = options.now();
    const { receiveCount = 0, sentAt = 0 } = inFlight?.received ?? {};
    const isFirst = receiveCount === 1 && sentAt > 0;
    this.#startedAt = isFirst ? Math.min(sentAt, takenAt) : takenAt;
    if (isFirst) this.#steps.push({ name: "queue", startedAt: this.#startedAt, endedAt: takenAt });
  }

  /** With which a later release goes on. */
  get header(): string {
    return this.#hop.header;
  }

  /** The merchant's own part of the trace begins at the call. */
  get traceparent(): string | undefined {
    return traceparent({ root: this.#trace.root, parent: this.#callId, isSampled: true });
  }

  read(row: AttributeMap): void {
    this.#merchantId = stringOf(row["merchantId"]) ?? "";
  }

  /**
   * @param origin scheme, host and port: a path or query may hold what is nobody's business
   * @param at epoch milliseconds
   */
  called(attempt: number, origin: string, at: number, outcome: AttemptOutcome): void {
    this.#attempt = attempt;
    this.#outcome = outcome.kind === "delivered" ? outcome.kind : outcome.class;
    this.#steps.push({
      id: this.#callId,
      name: "webhook",
      namespace: "remote",
      startedAt: at,
      endedAt: this.#options.now(),
      flags: flagsOf(outcome),
      http: {
        request: { method: "POST", url: `${origin}/` },
        ...(outcome.status !== undefined && { response: { status: outcome.status } }),
      },
    });
  }

  /** What became of one that was not called, or was given up. */
  becomes(outcome: string): void {
    this.#outcome = outcome;
  }

  givenUp({ code, fault }: Failure): void {
    this.#outcome = code;
    this.#flags.push(fault === "merchant" ? "error" : "fault");
  }

  /** One that could not be finished for an error of our own. */
  left(error: unknown): void {
    this.#outcome = "left in the queue";
    this.#error = errorLine(error);
    this.#flags.push("fault");
  }

  async recording<Result>(record: Promise<Result>): Promise<Result> {
    const startedAt = this.#options.now();
    const result = await record;
    const aws = { operation: "BatchExecuteStatement" };
    this.#steps.push({ name: "DynamoDB", namespace: "aws", aws, startedAt, endedAt: this.#options.now() });
    return result;
  }

  end(): void {
    const { transactionId, version, release, redelivery } = this.#message;
    this.#hop.end({
      startedAt: this.#startedAt,
      endedAt: this.#options.now(),
      flags: this.#flags,
      annotations: {
        transaction: transactionId,
        merchant: this.#merchantId,
        ...(this.#attempt !== undefined && { attempt: this.#attempt }),
        outcome: this.#outcome,
        ...(redelivery !== undefined && { redelivery: redelivery.jobId }),
      },
      metadata: { version, release, ...(this.#error !== undefined && { error: this.#error }) },
      steps: this.#steps,
    });
  }
}

function flagsOf(outcome: AttemptOutcome): StepFlag[] {
  if (outcome.kind === "delivered") return [];
  if (outcome.class === "status_429") return ["error", "throttle"];
  return ERRORS.has(outcome.class) ? ["error"] : ["fault"];
}
