/** `npx confirmations channels`: by which ways a merchant is told, and by which of them a transaction is. */
import { type Command, Option } from "@commander-js/extra-typings";
import { CHANNEL_PLANS } from "../../../core/channels/channel.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { merchantIdFrom, transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { fileText, oneOf } from "../frame/values.ts";
import { channelsText, explanationText } from "../show/channels-text.ts";
import { channelsFile, withPlaces } from "./channels/channels-file.ts";
import { bodyText } from "./submit/submitted-json.ts";

export function channelsCommands(parent: Command, run: Run): void {
  const channels = parent
    .command("channels")
    .description("By which ways a merchant is told, in which order, and by which of them a transaction is");
  getChannelsCommand(channels, run);
  setChannelsCommand(channels, run);
  explainCommand(channels, run);
}

function getChannelsCommand(channels: Command, run: Run): void {
  leaf(channels, "get", "Shows a merchant's channels and their plan")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("channels get acme", "channels get acme --json > channels.json"))
    .action(
      run(async (session, merchantId) => {
        const merchant = await session.ask((client) =>
          client.GET("/v1/merchants/{merchantId}", { params: { path: { merchantId } } }),
        );
        const { plan, channels: list = [] } = merchant;
        const shown = { ...(plan !== undefined && { plan }), channels: list };
        session.output.show(shown, () => channelsText(shown));
      }),
    );
}

function setChannelsCommand(channels: Command, run: Run): void {
  leaf(channels, "set", "Sets all channels of a merchant from a file; what is not in it is taken away")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .option(
      "--file <file>",
      "JSON of a list of channels, or of an object with plan and channels; - reads standard input",
    )
    .addOption(
      new Option("--plan <plan>", `${CHANNEL_PLANS.join(" or ")}, in the place of the file's`).argParser(
        oneOf("--plan", CHANNEL_PLANS),
      ),
    )
    .option("--none", "takes all of them away: its webhook is left")
    .addHelpText(
      "after",
      examples(
        "channels set acme --file channels.json",
        "channels set acme --file - < channels.json",
        "channels set acme --none",
      ),
    )
    .action(
      run(async (session, merchantId, options) => {
        const { file, plan, none } = options as {
          readonly file?: string;
          readonly plan?: string;
          readonly none?: true;
        };
        if (file === undefined && none === undefined)
          throw wrongLine("Nothing says which channels; expected --file, or --none to take all away");
        if (file !== undefined && none === true)
          throw wrongLine("--file and --none are both given; expected one of them");
        if (none === true && plan !== undefined) throw wrongLine("--plan is of channels, expected none beside --none");
        const given = file === undefined ? undefined : channelsFile(await fileText(file, session.around));
        const body = { ...(given?.patch ?? { channels: null }), ...(plan !== undefined && { plan }) };
        const merchant = await session.ask(async (client) => {
          const result = await client.PATCH("/v1/merchants/{merchantId}", {
            params: { path: { merchantId } },
            body: body as never,
            bodySerializer: bodyText,
          });
          if (result.error === undefined || given === undefined) return result;
          return { ...result, error: withPlaces(result.error, given.placeOf) as typeof result.error };
        });
        const shown = {
          ...(merchant.plan !== undefined && { plan: merchant.plan }),
          channels: merchant.channels ?? [],
        };
        session.output.show(shown, () => channelsText(shown));
      }),
    );
}

function explainCommand(channels: Command, run: Run): void {
  leaf(channels, "explain", "Shows by which channel a transaction is sent, or would be, and why not by each other")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addOption(new Option("--transaction <id>", "one that is there").argParser(transactionIdFrom))
    .option("--amount <amount>", "of one that need not be there, such as 12.50")
    .option("--currency <code>", "ISO 4217, such as EUR")
    .option("--outcome <outcome>", "how it ended, such as APPROVED")
    .option("--at <time>", "when it would be sent, with its zone (now)")
    .addHelpText(
      "after",
      examples(
        "channels explain acme --transaction t-1",
        "channels explain acme --amount 1500.00 --currency BRL --outcome APPROVED --at 2026-12-01T03:00Z",
      ),
    )
    .action(
      run(async (session, merchantId, { transaction: transactionId, ...described }) => {
        const isDescribed = ["amount", "currency", "outcome"].every((name) => name in described);
        if (transactionId === undefined && !isDescribed)
          throw wrongLine(
            "It needs --transaction, or --amount, --currency and --outcome of one that need not be there",
          );
        const { amount, currency, outcome, at } = described;
        const explanation = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/channels/explain", {
            params: { path: { merchantId } },
            body: {
              ...(transactionId !== undefined && { transactionId }),
              ...(amount !== undefined && { amount }),
              ...(currency !== undefined && { currency: currency as never }),
              ...(outcome !== undefined && { outcome }),
              ...(at !== undefined && { at }),
            },
          }),
        );
        session.output.show(explanation, () => explanationText(explanation));
        return EXIT_CODES.done.code;
      }),
    );
}
