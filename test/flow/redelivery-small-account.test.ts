/** Redeliveries, where a function delivers. */
import { onOneStack } from "./on-one-stack.ts";
import { partsComeAgain, REDELIVERIES, redeliveriesIn } from "./redelivery.ts";

onOneStack(
  { ...REDELIVERIES, delivery: { mode: "lambda" } },
  { redelivery: (running) => redeliveriesIn("lambda", running) },
  partsComeAgain,
);
