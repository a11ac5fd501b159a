/** How long a message that was received stays out of the others' sight, and how long a function may take over it. */
import type { Settings } from "../settings/settings.ts";

type Sizes = Pick<Settings, "delivery">;

/** Seconds to record an outcome and delete its message, beyond the attempt. */
const FLUSH_MARGIN_SECONDS = 10;
const SHORTEST_VISIBILITY_SECONDS = 15;
/** As Lambda asks of a queue that triggers a function (Lambda Developer Guide, "Creating and configuring SQS"). */
const VISIBILITY_OF_TIMEOUTS = 6;

export function visibilitySecondsFor(settings: Sizes): number {
  if (settings.delivery.mode === "lambda") return VISIBILITY_OF_TIMEOUTS * functionTimeoutSecondsFor(settings);
  return Math.max(SHORTEST_VISIBILITY_SECONDS, attemptSeconds(settings));
}

/** Time limit of the function of small-account mode. */
export function functionTimeoutSecondsFor(settings: Sizes): number {
  return attemptSeconds(settings);
}

/** One attempt that waited as long as it takes, and the flush after it. */
function attemptSeconds({ delivery }: Sizes): number {
  return Math.ceil(delivery.deadlineMs / 1000) * 2 + FLUSH_MARGIN_SECONDS;
}
