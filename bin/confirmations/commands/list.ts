/** `npx confirmations list`: a merchant's transactions by time, or those that failed by reason. */
import type { Command } from "@commander-js/extra-typings";
import { Option } from "@commander-js/extra-typings";
import { type State, STATES } from "../../../core/transaction/row/row-state.ts";
import type { paths } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf, wholeNumber } from "../frame/values.ts";
import { summariesTable, type TransactionSummary } from "../show/transaction-text.ts";

type Query = NonNullable<paths["/v1/transactions"]["get"]["parameters"]["query"]>;

const MAX_LIMIT = 100;
const isState = (text: string | undefined): text is State => STATES.some((state) => state === text);

export function listCommand(parent: Command, run: Run): void {
  leaf(parent, "list", "Lists a merchant's transactions, newest day first; those that failed by reason")
    .addOption(
      new Option("--merchant <id>", "whose; may be left out with a token of one merchant").argParser(merchantIdFrom),
    )
    .option("--from <time>", "when they occurred, from then on, such as 2026-11-22T00:00:00Z (7 days before --to)")
    .option("--to <time>", "until then, not included (a day from now)")
    .addOption(new Option("--status <state>", `one of ${STATES.join(", ")}`).argParser(oneOf("--status", STATES)))
    .option("--reason <code>", "why it failed, such as attempts_exhausted; with --status FAILED")
    .addOption(
      new Option("--limit <count>", "transactions of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .option("--all", "every page, one after the other")
    .addHelpText(
      "after",
      examples(
        "list --merchant acme",
        "list --merchant acme --status FAILED --reason attempts_exhausted",
        "list --merchant acme --from 2026-11-22T00:00:00Z --all --json | jq '.items | length'",
      ),
    )
    .action(
      run(async (session, options) => {
        const { merchant, from, to, status, reason, limit, all } = options;
        if (isState(options.state)) throw wrongLine(`--state is a directory; expected --status ${options.state}`);
        const items: TransactionSummary[] = [];
        let { cursor } = options;
        const query: Query = {
          ...(merchant !== undefined && { merchantId: merchant }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
          ...(isState(status) && { state: status }),
          ...(reason !== undefined && { reason: reason as NonNullable<Query["reason"]> }),
          ...(limit !== undefined && { limit }),
        };
        for (;;) {
          const page = await session.ask((client) =>
            client.GET("/v1/transactions", {
              params: { query: { ...query, ...(cursor !== undefined && { cursor }) } },
            }),
          );
          items.push(...page.items);
          cursor = page.nextCursor;
          if (all === undefined || cursor === undefined) break;
        }
        const result = { items, ...(cursor !== undefined && { nextCursor: cursor }), consistency: "eventual" };
        session.output.show(result, () => {
          const shown = items.length === 0 ? "None here." : summariesTable(items);
          return cursor === undefined ? shown : `${shown}\n\nThere may be more: --cursor ${cursor}, or --all.`;
        });
      }),
    );
}
