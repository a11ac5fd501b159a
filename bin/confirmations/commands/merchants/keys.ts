/**
 * A merchant's secret and keys. `secret show` shows the secret, and the audit log notes who asked. One that a merchant
 * brought along is read from a file or standard input: other users see a command line.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { wrongLine } from "../../frame/command-failure.ts";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { fileText } from "../../frame/values.ts";
import { merchantKeysText } from "../../show/merchant-text.ts";
import { pairs } from "../../show/output.ts";

const MAX_OVERLAP_HOURS = 168;

interface Overlap {
  readonly overlapHours?: number;
  readonly force?: true;
}

const overlapOption = () =>
  new Option("--overlap-hours <hours>", "for how long the key before signs too (24); 0 after a leak").argParser(
    overlapHours,
  );
const FORCE = ["--force", "although that ends a key at once that signs too from a change before"] as const;

export function keyCommands(merchants: Command, run: Run): void {
  const secret = merchants.command("secret").description("Shows a merchant's secret, or imports one that it brought");
  leaf(secret, "show", "Shows the secret that a merchant verifies with; the audit log notes who asked for it")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option("--mirror", "the one that its mirror verifies with")
    .addHelpText("after", examples("merchants secret show acme", "merchants secret show acme --json | jq -r .secret"))
    .action(
      run(async (session, merchantId, { mirror }) => {
        const query = mirror === true ? { of: "mirror" as const } : {};
        const revealed = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/secret", { params: { path: { merchantId }, query } }),
        );
        const { previous } = revealed;
        session.output.show(revealed, () =>
          pairs({
            secret: revealed.secret,
            before: previous && `${previous.secret}, which signs too until ${previous.until}`,
          }),
        );
      }),
    );
  leaf(secret, "import", "Has a merchant signed with a secret that it brought along, read from a file")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option("--file <file>", "holds whsec_…; - reads standard input (-)")
    .addOption(overlapOption())
    .option(...FORCE)
    .addHelpText(
      "after",
      examples("merchants secret import acme --file acme-secret", "merchants secret import acme < acme-secret"),
    )
    .action(
      run(async (session, merchantId, { file = "-", ...options }) => {
        const text = (await fileText(file, session.around)).trim();
        if (text === "") throw wrongLine("The file is empty; expected whsec_… in it");
        const view = await session.ask((client) =>
          client.PUT("/v1/merchants/{merchantId}/secret", {
            params: { path: { merchantId } },
            body: { secret: text, ...bodyOf(options) },
          }),
        );
        session.output.show(view, () => `Imported.\n${keysText(view)}`);
      }),
    );
  leaf(merchants, "rotate", "Gives a merchant new keys; the ones before sign too for a while")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addOption(overlapOption())
    .option(...FORCE)
    .addHelpText("after", examples("merchants rotate acme", "merchants rotate acme --overlap-hours 0 --force"))
    .action(
      run(async (session, merchantId, options) => {
        const view = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/rotate", {
            params: { path: { merchantId } },
            body: bodyOf(options),
          }),
        );
        session.output.show(
          view,
          () => `${keysText(view)}\n\nThe new secret: npx confirmations merchants secret show ${merchantId}`,
        );
      }),
    );
}

function bodyOf({ overlapHours: hours, force }: Overlap) {
  return { ...(hours !== undefined && { overlapHours: hours }), ...(force === true && { force }) };
}

interface KeysView {
  readonly merchantId: string;
  readonly secret: string;
  readonly previousKeyUntil?: string;
  readonly keys: Parameters<typeof merchantKeysText>[0];
}

function keysText({ merchantId, secret, previousKeyUntil, keys }: KeysView): string {
  const overlap = previousKeyUntil && `the key before signs too until ${previousKeyUntil}`;
  return `${pairs({ merchant: merchantId, secret, overlap })}\n${merchantKeysText(keys)}`;
}

function overlapHours(text: string): number {
  const hours = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (hours <= MAX_OVERLAP_HOURS) return hours;
  throw wrongLine(`--overlap-hours is ${shortly(text)}, expected hours from 0 to ${MAX_OVERLAP_HOURS}`);
}
