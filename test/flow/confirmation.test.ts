/** The main job with a worker that always runs. */
import { describe, expect, it } from "@jest/globals";
import { mainJobIn } from "./main-job.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const running = mainJobIn("fargate");

describe("a worker that is killed inside a call", () => {
  it(
    "leaves the transaction to the next one",
    async () => {
      const pipeline = running();
      const held = Promise.withResolvers<number>();
      pipeline.merchant.respond("/killed", (_delivery, nth) => (nth === 1 ? held.promise : 200));
      await pipeline.put(transactionRow("k-1", "shop", { confirmationUrl: { S: pipeline.merchant.url("/killed") } }));
      await waitFor("the call is under way", () => (pipeline.merchant.to("/killed").length > 0 ? true : undefined));

      await pipeline.stack.worker.kill("SIGKILL");
      held.resolve(200);

      expect(await pipeline.terminalRow("k-1")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    },
    patienceMs(90_000),
  );
});
