/** Sends a merchant a signed test event, waits for what comes of it, and shows what was sent and what came back. */
import { type Command, Option } from "@commander-js/extra-typings";
import type { components } from "../../api/api-types.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { wholeNumber } from "../../frame/values.ts";
import { pairs } from "../../show/output.ts";
import { printable } from "../../show/printable.ts";

type MerchantTest = components["schemas"]["MerchantTest"];

/** A call is made within 60 s or not at all, and takes its deadline. */
const LONGEST_SECONDS = 180;
const LOOK_EVERY_MS = 500;

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
        const { around } = session;
        const until = around.nowMs() + timeout * 1000;
        let test = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/test", { params: { path: { merchantId } } }),
        );
        while (test.state !== "done") {
          if (around.nowMs() + LOOK_EVERY_MS > until)
            throw new CommandFailure(
              "refused",
              `The test event ${test.jobId} was not made within ${timeout} s; see whether the worker runs`,
            );
          await around.sleep(LOOK_EVERY_MS);
          const { jobId } = test;
          test = await session.ask((client) =>
            client.GET("/v1/merchants/{merchantId}/test/{jobId}", { params: { path: { merchantId, jobId } } }),
          );
        }
        const done = test;
        session.output.show(done, () => testText(done));
        return done.outcome === "delivered" ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
      }),
    );
}

function testText({ jobId, outcome, error, durationMs, request, response }: MerchantTest): string {
  const lines = [pairs({ test: jobId, outcome, error, took: durationMs && `${Math.round(durationMs)} ms` })];
  if (request !== undefined) lines.push("", `POST ${request.url}`, ...headerLines(request.headers), "", request.body);
  if (response !== undefined)
    lines.push("", `HTTP ${response.status}`, ...headerLines(response.headers), "", response.body ?? "");
  return lines
    .map((line) => line.split("\n").map(printable).join("\n"))
    .join("\n")
    .trimEnd();
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
