/** Registers a merchant, changes it, deletes it. */
import { type Command, Option } from "@commander-js/extra-typings";
import { type Mode, MODES } from "../../../../core/merchant/modes.ts";
import { wrongLine } from "../../frame/command-failure.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { oneOf, wholeNumber } from "../../frame/values.ts";
import { merchantText } from "../../show/merchant-text.ts";
import { addressOf, WAITED_SECONDS } from "./wait-for-address.ts";
import { changeOf, CONTENT_OPTIONS, type MerchantContentOptions } from "./content-options.ts";

const LONGEST_SECONDS = 180;

const timeoutOption = () =>
  new Option("--timeout <seconds>", `how long to wait for the answer to its challenge (${WAITED_SECONDS})`).argParser(
    wholeNumber("--timeout", 0, LONGEST_SECONDS),
  );

function modeOf(options: object): { mode?: Mode } {
  const { mode } = options as { readonly mode?: Mode };
  return mode === undefined ? {} : { mode };
}

function secondsOf(options: object): number {
  return (options as { readonly timeout?: number }).timeout ?? WAITED_SECONDS;
}

export function changeCommands(merchants: Command, run: Run): void {
  const register = leaf(merchants, "register", "Registers a merchant; sent again, it is the same one").argument(
    "<merchantId>",
    "chosen by you, such as my-shop",
    merchantIdFrom,
  );
  for (const [flags, says] of CONTENT_OPTIONS) register.option(flags, says);
  register.addOption(
    new Option(
      "--mode <mode>",
      `live unless given; ${MODES.slice(1).join(" or ")} for one that the old system confirms for now`,
    ).argParser(oneOf("--mode", MODES)),
  );
  register.addOption(timeoutOption());
  register
    .addHelpText(
      "after",
      examples(
        "merchants register acme --url http://127.0.0.1:3000/prod/confirmation",
        "merchants register acme --url https://acme.example/hook --rate-limit 50 --retry-schedule 5,30,300",
      ),
    )
    .action(
      run(async (session, merchantId, options) => {
        const content = Object.fromEntries(
          Object.entries(changeOf(options as MerchantContentOptions)).filter(([, value]) => value !== null),
        );
        const registered = await session.ask((client) =>
          client.POST("/v1/merchants", { body: { merchantId, ...content, ...modeOf(options) } }),
        );
        const merchant = await addressOf(session, registered, secondsOf(options));
        session.output.show(
          merchant,
          () => `${merchantText(merchant)}\n\nIts secret: npx confirmations merchants secret show ${merchantId}`,
        );
      }),
    );

  const set = leaf(merchants, "set", "Changes what is given of a merchant, and nothing else").argument(
    "<merchantId>",
    "of the merchant",
    merchantIdFrom,
  );
  for (const [flags, says] of CONTENT_OPTIONS) set.option(flags, says);
  set.addOption(timeoutOption());
  set
    .addHelpText("after", examples("merchants set acme --rate-limit 50", "merchants set acme --retry-schedule none"))
    .action(
      run(async (session, merchantId, options) => {
        const body = changeOf(options as MerchantContentOptions);
        if (Object.keys(body).length === 0)
          throw wrongLine(`Nothing is changed; expected one of ${CONTENT_OPTIONS.map(([flags]) => flags).join(", ")}`);
        const changed = await session.ask((client) =>
          client.PATCH("/v1/merchants/{merchantId}", { params: { path: { merchantId } }, body }),
        );
        const isMoved = body.confirmationUrl !== undefined || body.environment !== undefined;
        const merchant = isMoved ? await addressOf(session, changed, secondsOf(options)) : changed;
        session.output.show(merchant, () => merchantText(merchant));
      }),
    );

  leaf(merchants, "delete", "Deletes a merchant that has no unfinished transactions; its public keys stay published")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("merchants delete acme"))
    .action(
      run(async (session, merchantId) => {
        await session.ask((client) =>
          client
            .DELETE("/v1/merchants/{merchantId}", { params: { path: { merchantId } } })
            .then((answer) => ({ ...answer, data: answer.response.ok ? { merchantId } : undefined })),
        );
        session.output.show({ merchantId, deleted: true }, () => `Deleted ${merchantId}.`);
      }),
    );
}
