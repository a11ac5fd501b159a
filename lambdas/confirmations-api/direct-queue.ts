/**
 * Puts what was just written on the queue at once, without waiting for the stream, whose message of the same
 * deduplication id SQS then swallows for five minutes (SQS Developer Guide, "Exactly-once processing"). It is a
 * shortcut and nothing rests on it: what fails or takes long is left to the stream.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { errorFields } from "../../core/errors/error-fields.ts";
import type { DirectQueue } from "../../core/intake/intake.ts";
import type { Log } from "../../core/telemetry/log-error.ts";

/** Milliseconds that a request waits for it: the stream takes some hundred. */
const WAITED_MS = 300;

export function directQueue(to: Pick<DirectQueue, "confirmations" | "order">, warn: Log): DirectQueue {
  return {
    ...to,
    async within(sending) {
      const waiting = new AbortController();
      const sent = sending
        .then((errors) => {
          const failed = errors.filter((error) => error !== undefined);
          if (failed.length > 0)
            warn("messages left to the stream", { messages: failed.length, error: failed[0]?.error });
        })
        .catch((error: unknown) => warn("message left to the stream", { error: errorFields(error) }))
        .finally(() => waiting.abort());
      await Promise.race([sent, sleep(WAITED_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
    },
  };
}
