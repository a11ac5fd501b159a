/**
 * The call of a merchant's mirror, once, in the place of the one that the old system makes to the merchant. It takes
 * the path of any delivery: guard, room, circuit, the watch on our own network. Whatever comes of it is a result for
 * the record, and nothing more: it is never made again for its own sake, no transaction waits for it, and none fails by
 * it.
 */
import { HELD } from "../delivery/admission/admission-control.ts";
import type { PreparedMirror, Unmirrored } from "../delivery/prepare.ts";
import { OUR_EGRESS } from "../merchant/merchant-health.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { METRICS } from "../settings/names.ts";
import { type MirrorResult } from "../transaction/row/confirmed-by.ts";
import { TURNED_AWAY } from "../transaction/row/redelivery.ts";
import { forwardedTraceparent } from "./attempt-trace.ts";
import type { Job } from "./job.ts";
import { type Ports, telemetryOf } from "./ports.ts";
import type { ConfirmationSettings } from "./settings.ts";
import { Visibility } from "./visibility.ts";

/** By which a mirror tells it from a confirmation, beside its secret. */
export const MIRROR_HEADER = "webhook-mirror";
const HEADER_LINES = `${MIRROR_HEADER}: 1\r\n`;
const METRIC_OF: Readonly<Record<string, string>> = {
  [TURNED_AWAY]: METRICS.mirrorTurnedAway,
  delivered: METRICS.mirrored,
};

export class MirrorCall {
  readonly #ports: Ports;
  readonly #visibility: Visibility;

  constructor(ports: Ports, { deadlineMs }: Pick<ConfirmationSettings, "deadlineMs">) {
    this.#ports = ports;
    this.#visibility = new Visibility(ports, deadlineMs);
  }

  /**
   * @param merchantId whose mirror it is: while that is paused, nothing goes there either
   * @returns `no time` where its message is to come again, as nothing may be begun with what is left of its visibility
   * @throws when no health row can be read; nothing was tried then
   */
  async make(job: Job, merchantId: string, mirror: PreparedMirror | Unmirrored): Promise<MirrorResult | "no time"> {
    const result = await this.#make(job, merchantId, mirror);
    if (result === "no time") return result;
    telemetryOf(this.#ports, job).count(METRIC_OF[result.result] ?? METRICS.mirrorFailed);
    return result;
  }

  async #make(job: Job, merchantId: string, mirror: PreparedMirror | Unmirrored): Promise<MirrorResult | "no time"> {
    const { merchants } = this.#ports;
    if ("why" in mirror) return turnedAway(mirror.why);
    if ((await merchants.healthOf(merchantId)).isPaused) return turnedAway("paused");
    const { merchant, destination } = mirror;
    const entry = await merchants.enter(merchant, destination);
    if (entry.kind !== "open") return turnedAway(entry.reason);
    let called: Called | undefined;
    try {
      if (!(await this.#hasTime(job))) return "no time";
      called = await this.#call(job, mirror, () => void entry.leave(HELD));
    } finally {
      await entry.leave(called === undefined || called.isOurs ? undefined : called.outcome);
    }
    return called.isOurs ? { ...turnedAway(OUR_EGRESS), at: called.at } : resultOf(called);
  }

  async #hasTime({ inFlight }: Job): Promise<boolean> {
    const { clock } = this.#ports;
    if (!this.#visibility.hasTimeFor(inFlight, clock.elapsedMs())) await this.#visibility.extend(inFlight);
    const elapsedMs = clock.elapsedMs();
    return this.#visibility.hasTimeFor(inFlight, elapsedMs) && !clock.isWrongAt(clock.now(), elapsedMs);
  }

  /** @param hold gives its room up while it is judged whose fault a silence was */
  async #call(job: Job, mirror: PreparedMirror, hold: () => void): Promise<Called> {
    const { merchants, clock } = this.#ports;
    const { merchant, keys, destination, webhook, deadlineMs } = mirror;
    const [at, begunAt] = [clock.now(), clock.elapsedMs()];
    const traceparent = job.trace?.traceparent ?? forwardedTraceparent(job.message);
    const outcome = await merchants.call({
      merchant,
      destination,
      webhook,
      keys,
      deadlineMs,
      now: at,
      traceparent,
      headerLines: HEADER_LINES,
    });
    const tookMs = Math.round(clock.elapsedMs() - begunAt);
    const judge = job.isSandbox ? merchants.isOursInSandbox : merchants.isOurs;
    const verdict = judge(destination.origin, begunAt, outcome);
    if (typeof verdict === "boolean") return { outcome, at, tookMs, isOurs: verdict };
    hold();
    const isOurs = await verdict;
    await this.#visibility.keepForFlush(job.inFlight);
    return { outcome, at, tookMs, isOurs };
  }
}

interface Called {
  readonly outcome: AttemptOutcome;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tookMs: number;
  readonly isOurs: boolean;
}

function turnedAway(error: string): MirrorResult {
  return { result: TURNED_AWAY, error };
}

function resultOf({ outcome, at, tookMs: durationMs }: Called): MirrorResult {
  const { status } = outcome;
  if (outcome.kind === "delivered") return { result: outcome.kind, at, durationMs, status };
  return { result: outcome.class, at, durationMs, status, error: outcome.error };
}
