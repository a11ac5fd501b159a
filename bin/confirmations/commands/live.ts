/** `npx confirmations live`: the newest numbers of the dashboard, and the alarms that are on. */
import type { Command } from "@commander-js/extra-typings";
import { shortNumber } from "../../../core/dashboard/show.ts";
import type { components } from "../api/api-types.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { pairs, table } from "../show/output.ts";

type Live = components["schemas"]["Live"];
type Panel = components["schemas"]["LivePanel"];

export function liveCommand(parent: Command, run: Run): void {
  leaf(parent, "live", "Shows the numbers of the dashboard and the alarms that are on")
    .addHelpText("after", examples("live", "live --json | jq -r '.sections[].panels[] | select(.kind == \"alarms\")'"))
    .action(
      run(async (session) => {
        const live = await session.ask((client) => client.GET("/v1/live"));
        session.output.show(live, () => liveText(live));
      }),
    );
}

function liveText({ endAt, readAt, isLate, sections }: Live): string {
  const panels = sections.flatMap((section) => section.panels);
  const numbers = panels.flatMap(numbersIn);
  const raised = panels
    .flatMap((panel) => (panel.kind === "alarms" ? panel.rows : []))
    .filter(({ state }) => state === "ALARM");
  const alarms = table(
    ["alarm", "since", "runbook"],
    raised.map(({ name, since, runbook }) => [name, since, runbook?.address]),
  );
  return [
    pairs({ until: endAt, ...(isLate && { "last read": readAt }) }),
    table(["panel", "what", "now"], numbers),
    raised.length === 0 ? "No alarm is on." : alarms,
  ].join("\n\n");
}

function numbersIn(panel: Panel): string[][] {
  if (panel.kind === "alarms") return [];
  if (panel.kind === "contributors")
    return panel.rows.map(({ name, value }) => [panel.title, name, shortNumber(value, "count")]);
  return panel.series.map(({ label, value }) => [panel.title, label, shortNumber(value, panel.unit)]);
}
