/**
 * The five minutes of SQS in a few seconds: an id that was first sent longer ago than the window is a new one to the
 * queue, as it is in AWS when a function replays what it sent long before.
 */
import type { AwsCall, Json } from "./interference.ts";

interface Entry {
  readonly MessageDeduplicationId?: string;
}

interface Known {
  readonly firstMs: number;
  readonly times: number;
}

export class DeduplicationWindow {
  readonly #now: () => number;
  readonly #windowMs: number;
  readonly #known = new Map<string, Known>();

  constructor(windowMs: number, now: () => number) {
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** The request with the ids that the embedded queue needs, which has the real window. */
  rewrite({ operation, body }: AwsCall): Json {
    if (operation !== "SendMessageBatch") return body;
    const Entries = (body["Entries"] as readonly Entry[]).map((entry) => ({
      ...entry,
      MessageDeduplicationId: this.#idFor(pathOf(String(body["QueueUrl"])), String(entry.MessageDeduplicationId)),
    }));
    return { ...body, Entries };
  }

  /** A queue knows only what it was sent itself. */
  #idFor(queue: string, id: string): string {
    const now = this.#now();
    const key = `${queue} ${id}`;
    const known = this.#known.get(key) ?? { firstMs: now, times: 0 };
    const isOver = now - known.firstMs > this.#windowMs;
    const { firstMs, times } = isOver ? { firstMs: now, times: known.times + 1 } : known;
    this.#known.set(key, { firstMs, times });
    return times === 0 ? id : `${id}-${times}`;
  }
}

/** Each program knows a queue by an address of its own. */
function pathOf(queueUrl: string): string {
  return queueUrl.replace(/^https?:\/\/[^/]+/, "");
}
