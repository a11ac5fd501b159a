/**
 * A chart on the page: the drawing, a legend with the newest values, and the same numbers as a table for who cannot see
 * it. The pointer, or the arrow keys when it has the focus, reads the values of an earlier time into the legend.
 */
import { drawChart, drawKey } from "../../../lib/dashboard/draw-chart.ts";
import { shortNumber } from "../../../lib/dashboard/show.ts";
import type { Shown, ShownChart } from "../../../lib/dashboard/shown.ts";
import { element, partOf, svg } from "./elements.ts";

const HEIGHT = 130;
/** Rows of the table: each so many periods. */
const TABLE_STEP = 3;

interface Drawn {
  readonly panel: ShownChart;
  readonly shown: Shown;
  readonly width: number;
}

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
  figure.addEventListener("pointermove", (event) => read(body, (event.offsetX / figure.clientWidth) * periodsOf(body)));
  figure.addEventListener("pointerleave", () => read(body));
  figure.addEventListener("blur", () => read(body));
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    read(body, (reading.get(body) ?? periodsOf(body)) + step);
  });
  partOf(body, "numbers-table").addEventListener("toggle", () => fillTable(body));
  return body;
}

export function updateChart(body: HTMLElement, panel: ShownChart, shown: Shown): void {
  const figure = partOf(body, "chart");
  drawn.set(body, { panel, shown, width: figure.clientWidth });
  const width = Math.max(200, figure.clientWidth);
  figure.replaceChildren(svg(drawChart(panel, { width, height: HEIGHT }, shown) + cursor(body, width), width, HEIGHT));
  const values = panel.series.map(({ label, value }) => `${label} ${shortNumber(value, panel.unit)}`);
  figure.setAttribute("aria-label", `${panel.title}: ${values.join(", ")}. Arrow keys read earlier values.`);
  fillLegend(body);
  fillTable(body);
}

function periodsOf(body: HTMLElement): number {
  return drawn.get(body)?.shown.periods ?? 0;
}

function read(body: HTMLElement, index?: number): void {
  if (index === undefined) reading.delete(body);
  else reading.set(body, Math.max(0, Math.min(periodsOf(body) - 1, Math.floor(index))));
  const now = drawn.get(body);
  if (now !== undefined) updateChart(body, now.panel, now.shown);
}

function cursor(body: HTMLElement, width: number): string {
  const index = reading.get(body);
  if (index === undefined) return "";
  const x = Math.round((width * index) / Math.max(1, periodsOf(body) - 1));
  return `<line class="cursor" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"/>`;
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
      svg(drawKey(panel.kind, position), panel.kind === "areas" ? 10 : 18, 10),
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
