/**
 * A chart on the page: the drawing, a legend with the newest values, and the same numbers as a table for who cannot see
 * it. The pointer, or the arrow keys when it has the focus, reads the values of an earlier time into the legend.
 */
import { shortNumber } from "../../../core/dashboard/show.ts";
import type { Shown, ShownChart } from "../../../core/dashboard/shown.ts";
import { element, partOf, svg } from "./elements.ts";
import { keyOf, type Plot, plotIn } from "./plot.ts";

/** Rows of the table: each so many periods. */
const TABLE_STEP = 3;

interface Drawn {
  readonly panel: ShownChart;
  readonly shown: Shown;
}

const plots = new WeakMap<HTMLElement, Plot>();
const drawn = new WeakMap<HTMLElement, Drawn>();
/** Index of the period that is read, where one is. */
const reading = new WeakMap<HTMLElement, number>();

export function makeChart(): HTMLElement {
  const figure = element("figure", { class: "chart", tabindex: "0", role: "img" });
  const body = element(
    "div",
    { class: "chart-body" },
    figure,
    element("ul", { class: "legend" }),
    element(
      "details",
      { class: "numbers-table" },
      element("summary", {}, "As a table"),
      element("div", { class: "table" }),
    ),
  );
  const plot = plotIn(figure, (index) => {
    if (index === undefined) reading.delete(body);
    else reading.set(body, index);
    fillLegend(body);
  });
  plots.set(body, plot);
  figure.addEventListener("blur", () => plot.read());
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const periods = drawn.get(body)?.shown.periods ?? 0;
    const index = (reading.get(body) ?? periods) + step;
    plot.read(Math.max(0, Math.min(periods - 1, index)));
  });
  partOf(body, "numbers-table").addEventListener("toggle", () => fillTable(body));
  return body;
}

export function updateChart(body: HTMLElement, panel: ShownChart, shown: Shown): void {
  const figure = partOf(body, "chart");
  drawn.set(body, { panel, shown });
  plots.get(body)?.update(panel, shown);
  const values = panel.series.map(({ label, value }) => `${label} ${shortNumber(value, panel.unit)}`);
  figure.setAttribute("aria-label", `${panel.title}: ${values.join(", ")}. Arrow keys read earlier values.`);
  fillLegend(body);
  fillTable(body);
}

function fillLegend(body: HTMLElement): void {
  const now = drawn.get(body);
  if (now === undefined) return;
  const { panel, shown } = now;
  const index = reading.get(body);
  const entries = panel.series.map(({ label, tone, points, value, note }, position) =>
    element(
      "li",
      { class: `tone-${tone}` },
      svg(keyOf(panel.kind, position), panel.kind === "areas" ? 10 : 18, 10),
      element("span", { class: "label" }, label),
      element("b", {}, shortNumber(index === undefined ? value : points[index], panel.unit)),
      ...(note === undefined ? [] : [element("small", {}, note)]),
    ),
  );
  const when = index === undefined ? [] : [element("li", { class: "when" }, timeOf(shown, index))];
  partOf(body, "legend").replaceChildren(...entries, ...when);
}

function fillTable(body: HTMLElement): void {
  const now = drawn.get(body);
  const details = partOf(body, "numbers-table");
  if (now === undefined || !(details instanceof HTMLDetailsElement) || !details.open) return;
  const { panel, shown } = now;
  const rows = Array.from({ length: shown.periods }, (_, index) => index)
    .filter((index) => (shown.periods - 1 - index) % TABLE_STEP === 0)
    .toReversed()
    .map((index) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, timeOf(shown, index)),
        ...panel.series.map(({ points }) => element("td", {}, shortNumber(points[index], panel.unit))),
      ),
    );
  const heads = ["Time", ...panel.series.map(({ label }) => label)].map((label) =>
    element("th", { scope: "col" }, label),
  );
  partOf(body, "table").replaceChildren(
    element("table", {}, element("caption", {}, panel.title), element("tr", {}, ...heads), ...rows),
  );
}

function timeOf({ endMs, periods, periodSeconds }: Shown, index: number): string {
  return new Date(endMs - (periods - 1 - index) * periodSeconds * 1000).toLocaleTimeString("en-GB");
}
