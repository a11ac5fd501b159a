/** Sends a merchant a signed test event, waits for what comes of it, and shows what was sent and what came back. */
import { type Command, Option } from "@commander-js/extra-typings";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { wholeNumber } from "../../frame/values.ts";
import { callText, waitForCall } from "./wait-for-call.ts";

/** A call is made within 60 s or not at all, and takes its deadline. */
const LONGEST_SECONDS = 180;

export function testCommand(merchants: Command, run: Run): void {
  leaf(merchants, "test", "Sends a merchant a signed test event, and shows the request and its answer")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addOption(
      new Option("--timeout <seconds>", `how long to wait for it (${LONGEST_SECONDS})`).argParser(
        wholeNumber("--timeout", 1, LONGEST_SECONDS),
      ),
    )
    .addHelpText("after", examples("merchants test acme", "merchants test acme --json | jq .response.status"))
    .action(
      run(async (session, merchantId, { timeout = LONGEST_SECONDS }) => {
        const asked = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/test", { params: { path: { merchantId } } }),
        );
        const done = await waitForCall(session, asked, timeout, "test event", (jobId) =>
          session.ask((client) =>
            client.GET("/v1/merchants/{merchantId}/test/{jobId}", { params: { path: { merchantId, jobId } } }),
          ),
        );
        session.output.show(done, () => callText("test", done));
        return done.outcome === "delivered" ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
      }),
    );
}
