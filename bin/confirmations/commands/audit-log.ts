/** `npx confirmations audit-log`: who did what, newest first. */
import { type Command, Option } from "@commander-js/extra-typings";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { table } from "../show/output.ts";

type AuditEntry = components["schemas"]["AuditEntry"];

const MAX_LIMIT = 100;

export function auditLogCommand(parent: Command, run: Run): void {
  leaf(parent, "audit-log", "Lists who did what to merchants and to everything, newest first")
    .addOption(new Option("--merchant <id>", "what was done to this merchant").argParser(merchantIdFrom))
    .option("--resource <resource>", "what was done to it: everything, or merchants/<id>")
    .option("--actor <id>", "what this subject or client did")
    .option("--from <time>", "from then on (30 days before --to)")
    .option("--to <time>", "until then, not included (now)")
    .addOption(
      new Option("--limit <count>", "entries of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .option("--all", "every page, one after the other")
    .addHelpText("after", examples("audit-log", "audit-log --merchant acme --json | jq '.items[0]'"))
    .action(
      run(async (session, { merchant, resource, actor, from, to, limit, all, ...options }) => {
        if (merchant !== undefined && resource !== undefined)
          throw wrongLine("--merchant and --resource say the same, give one of them");
        const about = merchant === undefined ? resource : `merchants/${merchant}`;
        const items: AuditEntry[] = [];
        let { cursor } = options;
        for (;;) {
          const query = {
            ...(about !== undefined && { resource: about }),
            ...(actor !== undefined && { actor }),
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            ...(limit !== undefined && { limit }),
            ...(cursor !== undefined && { cursor }),
          };
          const page = await session.ask((client) => client.GET("/v1/audit-log", { params: { query } }));
          items.push(...page.items);
          cursor = page.nextCursor;
          if (all === undefined || cursor === undefined) break;
        }
        session.output.show({ items, ...(cursor !== undefined && { nextCursor: cursor }) }, () => {
          const shown = items.length === 0 ? "None here." : entriesTable(items);
          return cursor === undefined ? shown : `${shown}\n\nThere may be more: --cursor ${cursor}, or --all.`;
        });
      }),
    );
}

function entriesTable(items: readonly AuditEntry[]): string {
  return table(
    ["at", "who", "did", "to", "before", "after"],
    items.map(({ at, actor, action, resource, before, after }) => [
      at,
      actor.subject === actor.clientId ? actor.subject : `${actor.subject} (${actor.clientId})`,
      action,
      resource,
      before && JSON.stringify(before),
      after && JSON.stringify(after),
    ]),
  );
}
