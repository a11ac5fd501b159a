/** Shows merchants: all, or one with its public keys. Secrets are shown by `merchants secret` alone. */
import { ENVIRONMENTS } from "../../../../core/merchant/merchant-environment.ts";
import { ORIGIN_STATES } from "../../../../core/merchant/ownership.ts";
import { type Command, Option } from "@commander-js/extra-typings";
import type { components } from "../../api/api-types.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { oneOf, wholeNumber } from "../../frame/values.ts";
import { merchantKeysText, merchantsTable, merchantText } from "../../show/merchant-text.ts";

const MAX_LIMIT = 100;
const ADDRESSES = [...ORIGIN_STATES, "unverified", "not_needed"] as const;

export function listMerchantsCommand(merchants: Command, run: Run): void {
  leaf(merchants, "list", "Lists merchants, in no order that means anything, or by how their ids begin")
    .addOption(
      new Option("--limit <count>", "merchants of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .addOption(
      new Option("--environment <environment>", "live unless given, or sandbox").argParser(
        oneOf("--environment", ENVIRONMENTS),
      ),
    )
    .addOption(
      new Option("--address <state>", `those alone whose address is ${ADDRESSES.join(", ")}`).argParser(
        oneOf("--address", ADDRESSES),
      ),
    )
    .option("--id-prefix <text>", "those whose ids begin so, of both environments unless one is given")
    .option("--cursor <cursor>", "goes on where a page ended")
    .option("--all", "every page, one after the other")
    .addHelpText(
      "after",
      examples(
        "merchants list",
        "merchants list --id-prefix ac",
        "merchants list --address vouched",
        "merchants list --all --json | jq -r '.items[].merchantId'",
      ),
    )
    .action(
      run(async (session, { limit, all, environment, address: ownership, ...options }) => {
        const items: components["schemas"]["Merchant"][] = [];
        const { idPrefix: prefix } = options;
        let { cursor } = options;
        for (;;) {
          const query = {
            ...(limit !== undefined && { limit }),
            ...(environment !== undefined && { environment }),
            ...(ownership !== undefined && { ownership }),
            ...(prefix !== undefined && { prefix }),
            ...(cursor !== undefined && { cursor }),
          };
          const page = await session.ask((client) => client.GET("/v1/merchants", { params: { query } }));
          items.push(...page.items);
          cursor = page.nextCursor;
          if (all === undefined || cursor === undefined) break;
        }
        const result = { items, ...(cursor !== undefined && { nextCursor: cursor }) };
        session.output.show(result, () => {
          const shown = items.length === 0 ? "None here." : merchantsTable(items);
          return cursor === undefined ? shown : `${shown}\n\nThere may be more: --cursor ${cursor}, or --all.`;
        });
      }),
    );
}

export function showMerchantCommand(merchants: Command, run: Run): void {
  leaf(merchants, "show", "Shows a merchant, and the public keys that it verifies with")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("merchants show acme", "merchants show acme --json | jq -r .confirmationUrl"))
    .action(
      run(async (session, merchantId) => {
        const params = { path: { merchantId } };
        const merchant = await session.ask((client) => client.GET("/v1/merchants/{merchantId}", { params }));
        if (merchant.faults !== undefined) {
          session.output.show(merchant, () => merchantText(merchant));
          return;
        }
        const { keys } = await session.ask((client) => client.GET("/v1/merchants/{merchantId}/keys", { params }));
        session.output.show({ ...merchant, keys }, () => `${merchantText(merchant)}\n${merchantKeysText(keys)}`);
      }),
    );
}
