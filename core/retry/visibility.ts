/** How long a message that a worker has received stays out of the others' sight. */
import type { Settings } from "../settings/settings.ts";

/** Seconds to record an outcome and delete its message, beyond the attempt. */
const FLUSH_MARGIN_SECONDS = 10;
const SHORTEST_VISIBILITY_SECONDS = 15;

/** One attempt that waited as long as it takes, and the flush after it. */
export function visibilitySecondsFor(settings: Pick<Settings, "delivery">): number {
  return Math.max(
    SHORTEST_VISIBILITY_SECONDS,
    Math.ceil(settings.delivery.deadlineMs / 1000) * 2 + FLUSH_MARGIN_SECONDS,
  );
}
