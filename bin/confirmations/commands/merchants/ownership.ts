/**
 * Shows that an address is its merchant's: asks it for the answer to a challenge, or has an operator vouch for it. What
 * is live is delivered to no other.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { wholeNumber } from "../../frame/values.ts";
import { merchantText } from "../../show/merchant-text.ts";
import { callText, waitForCall } from "./wait-for-call.ts";

const VERIFIED = "verified";
/** A call takes its deadline, once somebody makes it. */
const LONGEST_SECONDS = 180;
const WAITED_SECONDS = 60;

export function ownershipCommands(merchants: Command, run: Run): void {
  leaf(merchants, "verify", "Challenges an address of a merchant, and shows what it answers")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option("--url <url>", "one of its transactions' own (the merchant's)")
    .addOption(
      new Option("--timeout <seconds>", `how long to wait for it (${WAITED_SECONDS})`).argParser(
        wholeNumber("--timeout", 1, LONGEST_SECONDS),
      ),
    )
    .addHelpText("after", examples("merchants verify acme", "merchants verify acme --url https://eu.acme.example/hook"))
    .action(
      run(async (session, merchantId, { url, timeout = WAITED_SECONDS }) => {
        const asked = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/verify", {
            params: { path: { merchantId } },
            body: url === undefined ? {} : { url },
          }),
        );
        const done = await waitForCall(session, asked, timeout, "challenge", (jobId) =>
          session.ask((client) =>
            client.GET("/v1/merchants/{merchantId}/verify/{jobId}", { params: { path: { merchantId, jobId } } }),
          ),
        );
        session.output.show(done, () => callText("challenge", done));
        return done.outcome === VERIFIED ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
      }),
    );
  leaf(
    merchants,
    "vouch",
    "Vouches for an address of a merchant that cannot answer a challenge; the audit log notes who",
  )
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option("--url <url>", "one of its transactions' own (the merchant's)")
    .option("--why <reason>", "for the audit log")
    .addHelpText("after", examples('merchants vouch acme --why "their letter of 2026-11-20"'))
    .action(
      run(async (session, merchantId, { url, why: reason }) => {
        const merchant = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/vouch", {
            params: { path: { merchantId } },
            body: { ...(url !== undefined && { url }), ...(reason !== undefined && { reason }) },
          }),
        );
        session.output.show(merchant, () => merchantText(merchant));
      }),
    );
}
