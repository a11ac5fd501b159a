/** What becomes of a transaction, from its producer to its merchant, where a function delivers. */
import { MAIN_JOB, mainJobIn } from "./main-job.ts";
import { merchantCallsIn } from "./merchant-calls.ts";
import { onOneStack } from "./on-one-stack.ts";
import { sandboxIn } from "./sandbox.ts";

onOneStack(
  { ...MAIN_JOB, delivery: { ...MAIN_JOB.delivery, mode: "lambda" }, audit: { settleSeconds: 1 } },
  {
    sandbox: (running) => sandboxIn("lambda", running),
    "main job": (running) => mainJobIn("lambda", running),
    "merchant calls": (running) => merchantCallsIn("lambda", running),
  },
);
