/** What waits for what: a retry and its metrics, transactions of a key, merchants that acknowledge later. */
import { acknowledgements } from "./acknowledgement.ts";
import { IN_ORDER, inOrder } from "./in-order.ts";
import { onOneStack } from "./on-one-stack.ts";
import { TELEMETRY, telemetry } from "./telemetry.ts";

onOneStack(
  { ...IN_ORDER, ...TELEMETRY, retry: { scheduleSeconds: [1, 1], inQueueMaxSeconds: 0 } },
  { telemetry, "in order": inOrder, acknowledgements },
);
