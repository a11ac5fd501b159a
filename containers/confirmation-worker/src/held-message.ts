/** A message that this task holds: AWS refuses the handle of a FIFO message whose visibility has run out, so its end is kept track of. */
import type { ReceivedMessage } from "../../../aws/message-queue.ts";

export class HeldMessage {
  readonly received: ReceivedMessage;
  /** Epoch milliseconds at which other consumers may see it again. */
  #visibleAt: number;

  constructor(received: ReceivedMessage, visibleAt: number) {
    this.received = received;
    this.#visibleAt = visibleAt;
  }

  remainingMs(now: number): number {
    return this.#visibleAt - now;
  }

  extendedTo(visibleAt: number): void {
    this.#visibleAt = visibleAt;
  }
}
