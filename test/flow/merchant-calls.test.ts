/** Calls that somebody asked for, with a worker that always runs. */
import { describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { merchantCallsIn } from "./merchant-calls.ts";
import { waitFor } from "./wait-for.ts";

const { pipeline: running, register, ask, done } = merchantCallsIn("fargate");

describe("a worker that is killed inside a test event", () => {
  it(
    "leaves it to the next one, under the same id, and it is recorded once",
    async () => {
      const pipeline = running();
      const held = Promise.withResolvers<number>();
      await register("killed", pipeline.merchant.url("/killed"));
      pipeline.merchant.respond("/killed", (_delivery, nth) => (nth === 1 ? held.promise : 200));
      await ask("test_killed", "killed");
      await waitFor("the call is under way", () => (pipeline.merchant.to("/killed").length > 0 ? true : undefined));

      await pipeline.stack.worker.kill("SIGKILL");
      held.resolve(200);

      const { result } = await done("test_killed");
      const ids = pipeline.merchant.to("/killed").map(({ headers }) => headers["webhook-id"]);
      // On a machine that is slow enough its time is over by then.
      expect({ outcome: result?.outcome, ids }).toEqual(
        result?.outcome === "expired"
          ? { outcome: "expired", ids: ["test_killed"] }
          : { outcome: "delivered", ids: ["test_killed", "test_killed"] },
      );
    },
    patienceMs(90_000),
  );
});
