/**
 * Whether a message stays out of sight for long enough: AWS refuses an expired FIFO handle, and someone else may have
 * the message by then; so there must be time for the whole call, and for recording and deleting after it.
 */
import type { InFlightMessage } from "./in-flight-message.ts";
import type { Ports } from "./ports.ts";

/** Visibility that must be left after the deadline, for recording and deleting. */
const FLUSH_MARGIN_MS = 5000;

export class Visibility {
  readonly #ports: Pick<Ports, "queue" | "clock">;
  readonly #deadlineMs: number;

  /** @param deadlineMs the longest of any call */
  constructor(ports: Pick<Ports, "queue" | "clock">, deadlineMs: number) {
    this.#ports = ports;
    this.#deadlineMs = deadlineMs;
  }

  /** @param elapsedMs as the message's own times */
  hasTimeFor(inFlight: InFlightMessage, elapsedMs: number): boolean {
    return inFlight.remainingMs(elapsedMs) >= this.#deadlineMs + FLUSH_MARGIN_MS;
  }

  /** @returns false when it is no longer ours */
  async extend(inFlight: InFlightMessage): Promise<boolean> {
    const { queue, clock } = this.#ports;
    return inFlight.remainingMs(clock.elapsedMs()) > 0 && queue.extend(inFlight);
  }

  /** So that there is time to record what came of a call. */
  async keepForFlush(inFlight: InFlightMessage): Promise<void> {
    if (inFlight.remainingMs(this.#ports.clock.elapsedMs()) < FLUSH_MARGIN_MS) await this.extend(inFlight);
  }
}
