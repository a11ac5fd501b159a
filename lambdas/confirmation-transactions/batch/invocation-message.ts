/**
 * A message as an invocation holds it: for as long as it is out of sight, and no longer than the invocation lasts. So
 * whatever asks whether there is time for a call and its record asks for both.
 */
import type { SQSRecord } from "aws-lambda";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import type { TaskClock } from "../../../core/confirmation/clock/task-clock.ts";
import { receivedMessage } from "./received-message.ts";

/**
 * Of one that was received before: SQS tells the time of the first receive alone. It is taken for nearly over, so that
 * it is kept for longer, which SQS refuses for one that is not ours any more, before anything is done with it.
 */
const UNKNOWN_REST_MS = 1000;

export class InvocationMessage extends InFlightMessage {
  readonly #leftMs: () => number;

  /** @param leftMs milliseconds that the invocation has left */
  constructor(
    record: SQSRecord,
    visibilitySeconds: number,
    leftMs: () => number,
    { now, elapsedMs }: Pick<TaskClock, "now" | "elapsedMs">,
  ) {
    const received = receivedMessage(record);
    const firstReceivedAt = Number(record.attributes.ApproximateFirstReceiveTimestamp);
    const agoMs =
      received.receiveCount > 1 ? visibilitySeconds * 1000 - UNKNOWN_REST_MS : Math.max(0, now() - firstReceivedAt);
    super(received, elapsedMs() - agoMs, visibilitySeconds);
    this.#leftMs = leftMs;
  }

  override remainingMs(now: number): number {
    return Math.min(super.remainingMs(now), this.#leftMs());
  }
}
