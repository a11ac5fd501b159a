/** What becomes of a transaction, from its producer to its merchant, where a worker delivers. */
import { changedContent } from "./changed-content.ts";
import { MAIN_JOB, mainJobIn } from "./main-job.ts";
import { merchantCallsIn } from "./merchant-calls.ts";
import { onOneStack } from "./on-one-stack.ts";
import { sandboxIn } from "./sandbox.ts";

onOneStack(
  { ...MAIN_JOB, audit: { settleSeconds: 1 } },
  {
    sandbox: (running) => sandboxIn("fargate", running),
    "main job": (running) => mainJobIn("fargate", running),
    "merchant calls": (running) => merchantCallsIn("fargate", running),
    "changed content": changedContent,
  },
);
