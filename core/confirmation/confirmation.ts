/**
 * The path of one message:
 *
 *   parse -> read its row -> decide -> call its merchant -> decide -> apply -> delete
 *
 * Decisions are pure (`decide/`), and one place carries them out (`apply/`). Whatever is interrupted comes again and is
 * decided anew. Only a row that says so, or a failed condition, lets a message go; when nothing could be learnt or
 * written it stays in the queue.
 *
 * A row with an ordering key is delivered from its own group of the ordered queue and from nowhere else.
 */
import { METRICS } from "../settings/names.ts";
import { logError } from "../telemetry/log-error.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../transaction/message.ts";
import { orderedGroupIdOf } from "../transaction/ordering.ts";
import { judge } from "../transaction/judge-message.ts";
import { rowStateOf } from "../transaction/row/row-state.ts";
import { Apply } from "./apply/apply.ts";
import { type AttemptTrace, type AttemptTraceOptions, traceAttempt } from "./attempt-trace.ts";
import { decide } from "./decide/decide.ts";
import { letGo } from "./decide/effect.ts";
import { reopened } from "./decide/on-row.ts";
import type { InFlightMessage } from "./in-flight-message.ts";
import { type Ending, type Job, redeliveryIn } from "./job.ts";
import { MerchantAttempts } from "./merchant-attempts.ts";
import { strategyOf } from "./order/strategy-of.ts";
import type { QueueStrategy } from "./order/strategy.ts";
import type { Ports } from "./ports.ts";
import { Predecessors } from "./predecessors.ts";
import type { ConfirmationSettings } from "./settings.ts";
import { traced } from "./traced.ts";

export class Confirmation {
  readonly #ports: Ports;
  readonly #settings: ConfirmationSettings;
  readonly #strategy: QueueStrategy;
  readonly #apply: Apply;
  readonly #attempts: MerchantAttempts;
  readonly #predecessors: Predecessors;
  readonly #tracing: AttemptTraceOptions;

  /** @param strategy of the queue that its messages come from */
  constructor(ports: Ports, settings: ConfirmationSettings, strategy: QueueStrategy) {
    this.#ports = ports;
    this.#settings = settings;
    this.#strategy = strategy;
    this.#apply = new Apply(ports, settings);
    this.#attempts = new MerchantAttempts(ports, settings, this.#apply);
    this.#predecessors = new Predecessors(ports, this.#apply, this.#attempts);
    this.#tracing = { sender: ports.telemetry.hops, now: ports.clock.now, program: ports.telemetry.program };
  }

  /** Never rejects; a message that could not be finished stays in the queue. */
  async handle(inFlight: InFlightMessage): Promise<Ending> {
    try {
      return await this.#handle(inFlight);
    } catch (error) {
      const { telemetry } = this.#ports;
      telemetry.count(METRICS.leftInQueue);
      logError(telemetry.warn, "message left in the queue", error, { messageId: inFlight.received.messageId });
      return this.#lookAgain(inFlight);
    }
  }

  #handle(inFlight: InFlightMessage): Promise<Ending> {
    const { telemetry } = this.#ports;
    telemetry.count(METRICS.received);
    const { received, parsed } = inFlight;
    if (parsed.kind !== "message") {
      const effect = decide.message(parsed, received, this.#strategy);
      if (effect.kind === "let go" && parsed.kind === "newer schema")
        telemetry.warn("message left for a newer task", { messageId: received.messageId, schema: parsed.schema });
      return this.#apply.toMessage(effect, inFlight);
    }
    const { message } = parsed;
    const trace = traceAttempt(message, inFlight, this.#tracing);
    return trace === undefined
      ? this.#confirm(inFlight, message, undefined)
      : traced(trace, () => this.#confirm(inFlight, message, trace));
  }

  /**
   * @param handled rows that were handled for this very message already, as they were then: none of them is handled
   * once more
   */
  async #confirm(
    inFlight: InFlightMessage,
    message: ConfirmationMessage,
    trace: AttemptTrace | undefined,
    handled?: Map<string, AttributeMap>,
  ): Promise<Ending> {
    const { table, telemetry } = this.#ports;
    const row = await table.read(message.transactionId);
    const state = row === undefined ? undefined : rowStateOf(row);
    const verdict = judge(message, row, state);
    if (verdict.kind === "discard") return this.#apply.toMessage(decide.discard(verdict.reason), inFlight);
    if (row === undefined || state === undefined) return this.#apply.toMessage(decide.discard("gone"), inFlight);
    trace?.read(row);
    const job: Job = {
      inFlight,
      message,
      target: message,
      state,
      isReopened: false,
      orderedGroupId: orderedGroupIdOf(row),
      isPredecessor: false,
      trace,
      merchantId: stringOf(row["merchantId"]),
      isSandbox: false,
      isPinned: false,
      redelivery: redeliveryIn(row, verdict.kind === "redeliver"),
      campaign: telemetry.campaigns?.labelOf(row),
    };
    telemetry.step(job, "heard", () => ({ verdict: verdict.kind, state: state.state }));
    if (verdict.kind === "too early") return this.#lookAgain(inFlight);
    // It was confirmed in its turn: nothing comes before it.
    if (verdict.kind === "redeliver") return this.#attempts.make(job, row);
    const effect = decide.row(job, row, verdict.kind, this.#strategy, this.#settings);
    if (effect === undefined)
      return strategyOf(job).isPredecessorFirst
        ? this.#predecessorsFirst(job, row, handled ?? new Map<string, AttributeMap>())
        : // Awaited here: handed on, a promise takes two turns more.
          await this.#attempts.make(job, row);
    if (effect.kind !== "reopen") return this.#apply.to(job, effect);
    const ending = await this.#apply.to(job, effect);
    return ending === "reopened" ? this.#goOn(reopened(job), row) : ending;
  }

  #goOn(job: Job, row: AttributeMap): Promise<Ending> {
    const effect = decide.reopened(job);
    return effect === undefined ? this.#attempts.make(job, row) : this.#apply.to(job, effect);
  }

  async #predecessorsFirst(job: Job, row: AttributeMap, handled: Map<string, AttributeMap>): Promise<Ending> {
    const found = await this.#predecessors.complete(job, row, handled);
    if (found === "none") return this.#attempts.make(job, row);
    if (found === "busy") return this.#lookAgain(job.inFlight);
    return found === "left" ? "left" : this.#confirm(job.inFlight, job.message, job.trace, handled);
  }

  /** Nothing could be learnt, or done. */
  #lookAgain(inFlight: InFlightMessage): Promise<Ending> {
    const { queue, table, clock } = this.#ports;
    const trouble = { isOutage: table.isOutage(), hasRoom: queue.troubled.hasRoom };
    const moment = { now: clock.now(), random: clock.random() };
    return this.#apply.toMessage(letGo(this.#strategy.lookAgain(inFlight.received, trouble, moment)), inFlight);
  }
}
