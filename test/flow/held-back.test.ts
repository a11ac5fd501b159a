/** What keeps confirmations back, and sends them again: our own network, operators, circuits, redeliveries. */
import { ADMISSION, admission } from "./admission.ts";
import { egressFault } from "./egress-fault.ts";
import { onOneStack } from "./on-one-stack.ts";
import { partsComeAgain, REDELIVERIES, redeliveriesIn } from "./redelivery.ts";

onOneStack(
  { ...ADMISSION, ...REDELIVERIES, release: { ...ADMISSION.release, ...REDELIVERIES.release } },
  { "egress fault": egressFault, admission, redelivery: (running) => redeliveriesIn("fargate", running) },
  partsComeAgain,
);
