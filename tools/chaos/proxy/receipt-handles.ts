/**
 * Which messages are in flight, by the handles that were given out, and until when: the embedded queue takes handles
 * that have expired.
 */
import type { AwsCall, Json } from "./interference.ts";

interface ReceivedMessage {
  readonly ReceiptHandle: string;
}

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
}

export class ReceiptHandles {
  readonly #now: () => number;
  /** Epoch milliseconds at which a message can be received again. */
  readonly #visibleAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get inFlight(): number {
    const now = this.#now();
    return this.#visibleAt
      .values()
      .filter((visibleAt) => visibleAt > now)
      .toArray().length;
  }

  isExpired(handle: string): boolean {
    const visibleAt = this.#visibleAt.get(handle);
    return visibleAt !== undefined && visibleAt <= this.#now();
  }

  /** Learns from what was carried out. */
  observe({ operation, body }: AwsCall, response: Json): void {
    if (operation === "ReceiveMessage") {
      const visibleAt = this.#now() + Number(body["VisibilityTimeout"]) * 1000;
      for (const { ReceiptHandle } of (response["Messages"] ?? []) as readonly ReceivedMessage[])
        this.#visibleAt.set(ReceiptHandle, visibleAt);
      return;
    }
    if (operation !== "DeleteMessageBatch" && operation !== "ChangeMessageVisibilityBatch") return;
    const done = new Set(((response["Successful"] ?? []) as readonly Entry[]).map(({ Id }) => Id));
    for (const { Id, ReceiptHandle, VisibilityTimeout } of (body["Entries"] ?? []) as readonly Entry[]) {
      if (!done.has(Id)) continue;
      if (operation === "DeleteMessageBatch") this.#visibleAt.delete(ReceiptHandle);
      else this.#visibleAt.set(ReceiptHandle, this.#now() + Number(VisibilityTimeout) * 1000);
    }
  }
}
