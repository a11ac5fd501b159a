/** Registers a merchant, changes it, deletes it. */
import type { Command } from "@commander-js/extra-typings";
import { wrongLine } from "../../frame/command-failure.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { merchantText } from "../../show/merchant-text.ts";
import { changeOf, CONTENT_OPTIONS, type MerchantContentOptions } from "./content-options.ts";

export function changeCommands(merchants: Command, run: Run): void {
  const register = leaf(merchants, "register", "Registers a merchant; sent again, it is the same one").argument(
    "<merchantId>",
    "chosen by you, such as my-shop",
    merchantIdFrom,
  );
  for (const [flags, says] of CONTENT_OPTIONS) register.option(flags, says);
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
        const merchant = await session.ask((client) =>
          client.POST("/v1/merchants", { body: { merchantId, ...content } }),
        );
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
  set
    .addHelpText("after", examples("merchants set acme --rate-limit 50", "merchants set acme --retry-schedule none"))
    .action(
      run(async (session, merchantId, options) => {
        const body = changeOf(options as MerchantContentOptions);
        if (Object.keys(body).length === 0)
          throw wrongLine(`Nothing is changed; expected one of ${CONTENT_OPTIONS.map(([flags]) => flags).join(", ")}`);
        const merchant = await session.ask((client) =>
          client.PATCH("/v1/merchants/{merchantId}", { params: { path: { merchantId } }, body }),
        );
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
