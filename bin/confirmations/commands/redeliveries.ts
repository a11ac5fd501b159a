/** `npx confirmations redeliveries`: which there are, how far each is, and start, pause, resume and cancel. */
import { type Command, Option } from "@commander-js/extra-typings";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { table } from "../show/output.ts";
import { exitOf, followed, type Redelivery, redeliveryText } from "./redeliveries/follow.ts";

const MAX_LIMIT = 100;
const ACTS = [
  ["start", "Sends what a dry run has counted"],
  ["pause", "Sends nothing more until it is resumed; what was sent comes to its end"],
  ["resume", "Goes on with a redelivery that was paused, or stands still"],
  ["cancel", "Ends a redelivery for good; what was sent comes to its end"],
] as const;

export function redeliveriesCommands(parent: Command, run: Run): void {
  const redeliveries = parent
    .command("redeliveries")
    .description("Lists and shows what is sent again, and starts, pauses, resumes and cancels it");
  listCommand(redeliveries, run);
  const shown = "of a redelivery, as `redeliver` prints it";
  leaf(redeliveries, "get", "Shows how far a redelivery is")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("redeliveries get 3f0a…", "redeliveries get 3f0a… --json | jq .counts"))
    .action(
      run(async (session, jobId) => {
        const redelivery = await session.ask((client) =>
          client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } } }),
        );
        session.output.show(redelivery, () => redeliveryText(redelivery));
      }),
    );
  leaf(redeliveries, "watch", "Follows a redelivery until it is over, paused or counted")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("redeliveries watch 3f0a…"))
    .action(
      run(async (session, jobId) => {
        const redelivery = await session.ask((client) =>
          client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } } }),
        );
        const done = await followed(session, redelivery);
        session.output.show(done, () => redeliveryText(done));
        return exitOf(done);
      }),
    );
  for (const [verb, says] of ACTS)
    leaf(redeliveries, verb, says)
      .argument("<jobId>", shown)
      .addHelpText("after", examples(`redeliveries ${verb} 3f0a…`))
      .action(
        run(async (session, jobId) => {
          const params = { path: { jobId } };
          const redelivery = await session.ask((client) => client.POST(`/v1/redeliveries/{jobId}/${verb}`, { params }));
          session.output.show(redelivery, () => redeliveryText(redelivery));
        }),
      );
}

function listCommand(parent: Command, run: Run): void {
  leaf(parent, "list", "Lists redeliveries, the newest first")
    .addOption(new Option("--merchant <id>", "those of this merchant alone").argParser(merchantIdFrom))
    .addOption(
      new Option("--limit <count>", "redeliveries of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .option("--all", "every page, one after the other")
    .addHelpText("after", examples("redeliveries list", "redeliveries list --all --json | jq '.items | length'"))
    .action(
      run(async (session, { merchant, limit, all, ...options }) => {
        const items: Redelivery[] = [];
        let { cursor } = options;
        for (;;) {
          const query = {
            ...(merchant !== undefined && { merchantId: merchant }),
            ...(limit !== undefined && { limit }),
            ...(cursor !== undefined && { cursor }),
          };
          const page = await session.ask((client) => client.GET("/v1/redeliveries", { params: { query } }));
          items.push(...page.items);
          cursor = page.nextCursor;
          if (all === undefined || cursor === undefined) break;
        }
        session.output.show(
          { items, ...(cursor !== undefined && { nextCursor: cursor }), consistency: "eventual" },
          () => {
            const rows = items.length === 0 ? "None here." : redeliveriesTable(items);
            return cursor === undefined ? rows : `${rows}\n\nThere may be more: --cursor ${cursor}, or --all.`;
          },
        );
      }),
    );
}

function redeliveriesTable(items: readonly Redelivery[]): string {
  return table(
    ["redelivery", "created", "state", "merchant", "by", "sent", "skipped", "why"],
    items.map(({ jobId, createdAt, state, merchantId, requestedBy, counts, reason }) => [
      jobId,
      createdAt,
      state,
      merchantId,
      requestedBy,
      counts.sent,
      counts.skipped,
      reason,
    ]),
  );
}
