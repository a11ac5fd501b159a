/**
 * The live page: looks at the dashboard's data every two seconds and shows it; says so when the stack does not answer.
 */
import type { Shown, ShownPanel } from "../../../core/dashboard/shown.ts";
import { makeChart, updateChart } from "./chart.ts";
import { element, keyed, partOf } from "./elements.ts";
import { updateAlarms, updateContributors, updateNumbers } from "./lists.ts";

const LOOK_EVERY_MS = 2000;

const dashboard = byId("dashboard");
const status = byId("status");
const alarmsNow = byId("alarms-now");
let last: Shown | undefined;

async function look(): Promise<void> {
  try {
    const response = await fetch("/data", { signal: AbortSignal.timeout(LOOK_EVERY_MS * 2) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    last = (await response.json()) as Shown;
    update(last);
    say(`Live, until ${new Date(last.endMs).toLocaleTimeString("en-GB")}`, false);
  } catch {
    say("The stack does not answer; these are the last numbers.", true);
  }
  setTimeout(() => void look(), LOOK_EVERY_MS);
}

function say(text: string, isStale: boolean): void {
  // Set only when it changed: a screen reader says each change.
  if (status.textContent !== text) status.textContent = text;
  document.body.classList.toggle("stale", isStale);
}

function update(shown: Shown): void {
  for (const [index, { title, panels }] of shown.sections.entries()) {
    const section = keyed(dashboard, title, () =>
      element(
        "section",
        { class: index === 0 ? "flow" : "", "aria-labelledby": `section-${index}` },
        element("h2", { id: `section-${index}` }, title),
        element("div", { class: "panels" }),
      ),
    );
    for (const panel of panels) updatePanel(partOf(section, "panels"), panel, shown);
  }
  const raised = shown.sections
    .flatMap(({ panels }) => panels)
    .flatMap((panel) => (panel.kind === "alarms" ? panel.rows : []))
    .filter(({ state }) => state === "ALARM");
  alarmsNow.textContent =
    raised.length === 0 ? "No alarm" : `▲ ${raised.length} in alarm: ${raised.map(({ name }) => name).join(", ")}`;
  alarmsNow.className = raised.length === 0 ? "calm" : "raised";
}

function updatePanel(grid: HTMLElement, panel: ShownPanel, shown: Shown): void {
  const isChart = panel.kind === "lines" || panel.kind === "areas";
  const article = keyed(grid, panel.id, () =>
    element(
      "article",
      {
        class: `panel ${panel.kind} columns-${panel.columns}`,
        "aria-labelledby": `panel-${panel.id}`,
        title: panel.help,
      },
      element("h3", { id: `panel-${panel.id}` }, panel.title),
      element("p", { class: "help" }, panel.help),
      isChart ? makeChart() : element("div", { class: "chart-body" }),
    ),
  );
  const body = partOf(article, "chart-body");
  switch (panel.kind) {
    case "lines":
    case "areas":
      return updateChart(body, panel, shown);
    case "numbers":
      return updateNumbers(body, panel);
    case "contributors":
      return updateContributors(body, panel);
    case "alarms":
      return updateAlarms(body, panel);
  }
}

function byId(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`#${id}`);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}

window.addEventListener("resize", () => {
  if (last !== undefined) update(last);
});
void look();
