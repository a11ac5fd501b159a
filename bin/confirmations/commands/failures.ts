/** `npx confirmations failures`: how many of a merchant's transactions failed, by reason and fault, all of them. */
import { type Command, Option } from "@commander-js/extra-typings";
import type { components, paths } from "../api/api-types.ts";
import { FAULTS } from "../../../core/transaction/failure-faults.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf } from "../frame/values.ts";
import { table } from "../show/output.ts";

type Query = NonNullable<paths["/v1/failures/counts"]["get"]["parameters"]["query"]>;
type Count = components["schemas"]["FailureCount"];

export function failuresCommand(parent: Command, run: Run): void {
  leaf(parent, "failures", "Counts what failed of a merchant, by reason and fault")
    .addOption(
      new Option("--merchant <id>", "whose; may be left out with a token of one merchant").argParser(merchantIdFrom),
    )
    .option("--reason <code>", "why they failed, such as attempts_exhausted")
    .addOption(new Option("--fault <whose>", `one of ${FAULTS.join(", ")}`).argParser(oneOf("--fault", FAULTS)))
    .option("--from <time>", "when they failed, from then on, such as 2026-11-22T00:00:00Z (all there are)")
    .option("--to <time>", "until then, not included (now)")
    .addHelpText("after", examples("failures --merchant acme", "failures --merchant acme --json | jq .total"))
    .action(
      run(async (session, { merchant, reason, fault, from, to }) => {
        const query: Query = {
          ...(merchant !== undefined && { merchantId: merchant }),
          ...(reason !== undefined && { reason: reason as NonNullable<Query["reason"]> }),
          ...(fault !== undefined && { fault }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        };
        const counts = new Map<string, Count>();
        let cursor: string | undefined;
        do {
          const page = await session.ask((client) =>
            client.GET("/v1/failures/counts", {
              params: { query: { ...query, ...(cursor !== undefined && { cursor }) } },
            }),
          );
          for (const { count, ...one } of page.items)
            counts.set(one.reason, { ...one, count: (counts.get(one.reason)?.count ?? 0) + count });
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        const items = [...counts.values()].toSorted((one, other) => other.count - one.count);
        const total = items.reduce((sum, { count }) => sum + count, 0);
        session.output.show({ items, total }, () =>
          items.length === 0
            ? "None here."
            : table(
                ["reason", "fault", "transactions"],
                [...items.map((one) => [one.reason, one.fault, one.count]), ["all", "", total]],
              ),
        );
      }),
    );
}
