/** `npx confirmations campaigns`: what became of transactions with a label, of all labels or of one over time. */
import type { Command } from "@commander-js/extra-typings";
import { CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM } from "../../../core/campaigns/campaign.ts";
import { shortly } from "../../../core/settings/settings-faults.ts";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { pairs, table } from "../show/output.ts";

type Campaigns = components["schemas"]["Campaigns"];
type Campaign = components["schemas"]["Campaign"];
type Range = { readonly from?: string; readonly to?: string };

const COUNTS = ["sent", "delivered", "failed", "acknowledged"] as const;

export function campaignsCommand(parent: Command, run: Run): void {
  leaf(parent, "campaigns", "Shows what became of transactions with a label: sent, delivered, failed, acknowledged")
    .argument("[label]", "this one by channel and over time, in the place of totals of all", labelFrom)
    .option("--from <time>", "from then on (a day before --to)")
    .option("--to <time>", "until then, not included (now)")
    .addHelpText(
      "after",
      examples(
        "campaigns",
        "campaigns spring-sale --from 2026-11-01T00:00:00Z",
        "campaigns spring-sale --json | jq '.channels[].points'",
      ),
    )
    .action(
      run((session, label, range) => (label === undefined ? showAll(session, range) : show(session, label, range))),
    );
}

async function showAll(session: Session, range: Range): Promise<void> {
  const campaigns = await session.ask((client) => client.GET("/v1/campaigns", { params: { query: queryOf(range) } }));
  session.output.show(campaigns, () => campaignsText(campaigns));
}

async function show(session: Session, label: string, range: Range): Promise<void> {
  const campaign = await session.ask((client) =>
    client.GET("/v1/campaigns/{label}", { params: { path: { label }, query: queryOf(range) } }),
  );
  session.output.show(campaign, () => campaignText(campaign));
}

function campaignsText({ from, to, items }: Campaigns): string {
  if (items.length === 0) return "No label is registered: the setting campaigns lists those that are counted.";
  const rows = table(
    ["campaign", ...COUNTS],
    items.map((item) => [item.label, ...COUNTS.map((count) => item[count])]),
  );
  return `${pairs({ from, to })}\n\n${rows}`;
}

function campaignText({ label, from, to, channels }: Campaign): string {
  const rows = channels.flatMap(({ channel, points, ...all }) => [
    ...points.map((point) => [point.at, channel, ...COUNTS.map((count) => point[count])]),
    ["in all", channel, ...COUNTS.map((count) => all[count])],
  ]);
  return `${pairs({ campaign: label, from, to })}\n\n${table(["at", "channel", ...COUNTS], rows)}`;
}

function queryOf({ from, to }: Range): Range {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function labelFrom(text: string): string {
  if (CAMPAIGN_LABEL.test(text)) return text;
  throw wrongLine(`The label is ${shortly(text)}, ${CAMPAIGN_LABEL_FORM}`);
}
