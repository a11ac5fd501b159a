/**
 * One chart as SVG, from data alone: lines with gaps where nothing was measured, or areas on top of each other. For
 * the picture in the docs, and for the keys in the legends of the live page. Holds no text but numbers and times;
 * colours are classes (`tone-blue`), so that the ground it is on decides.
 */
import { shortNumber } from "./show.ts";
import type { Shown, ShownChart, ShownSeries } from "./shown.ts";

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const LEFT = 4;
const BOTTOM = 16;
const TOP = 14;
const DASHES = ["", "6 3", "2 3"];
const MINUTE_SECONDS = 60;

/** @returns the elements inside an `<svg>` of that size */
export function drawChart(
  panel: Pick<ShownChart, "kind" | "unit" | "series">,
  size: ChartSize,
  shown: Pick<Shown, "periodSeconds" | "periods">,
): string {
  const stacked = panel.kind === "areas";
  const layers = stacked ? stack(panel.series) : panel.series.map(({ points }) => ({ points, floor: undefined }));
  const most = niceMost(Math.max(0, ...layers.flatMap(({ points }) => points.map((point) => point ?? 0))));
  const plot = { width: size.width - LEFT * 2, height: size.height - TOP - BOTTOM };
  const x = (index: number) => round(LEFT + (plot.width * index) / Math.max(1, shown.periods - 1));
  const y = (value: number) => round(TOP + plot.height * (1 - value / most));
  const marks = [0, 0.5, 1].map((part) => ({ part, at: y(part * most) }));
  const grid = marks.map(
    ({ at }) => `<line class="grid" x1="${LEFT}" x2="${size.width - LEFT}" y1="${at}" y2="${at}"/>`,
  );
  const ticks = marks
    .filter(({ part }) => part > 0)
    .map(
      ({ part, at }) =>
        `<text class="tick" x="${LEFT}" y="${round(at - 3)}">${shortNumber(part * most, panel.unit)}</text>`,
    );
  const minutes = Math.round((shown.periodSeconds * shown.periods) / MINUTE_SECONDS);
  const times =
    `<text class="tick" x="${LEFT}" y="${size.height - 3}">${minutes} min ago</text><text class="tick end" ` +
    `x="${size.width - LEFT}" y="${size.height - 3}">now</text>`;
  const drawn = layers.map(({ points, floor }, index) => {
    const tone = `tone-${panel.series[index]?.tone ?? "grey"}`;
    if (floor !== undefined) return `<path class="area ${tone}" d="${areaPath(points, floor, x, y)}"/>`;
    return `<path class="line ${tone}"${dashes(index)} d="${linePath(points, x, y)}"/>`;
  });
  return [...grid, ...drawn, ...ticks, times].join("");
}

/** What stands for a series in the legend: a stroke as its line is, or a patch of its area. 18 by 10. */
export function drawKey(kind: ShownChart["kind"], index: number): string {
  return kind === "areas"
    ? '<rect class="key" width="10" height="10" rx="2"/>'
    : `<line class="line" x1="0" x2="18" y1="6" y2="6"${dashes(index)}/>`;
}

function dashes(index: number): string {
  const dash = DASHES[index % DASHES.length] ?? "";
  return dash === "" ? "" : ` stroke-dasharray="${dash}"`;
}

/** Each layer on those before it; what was not measured adds nothing. */
function stack(
  series: readonly ShownSeries[],
): { readonly points: readonly number[]; readonly floor: readonly number[] }[] {
  let floor: readonly number[] = (series[0]?.points ?? []).map(() => 0);
  return series.map(({ points }) => {
    const below = floor;
    floor = points.map((point, index) => (point ?? 0) + (below[index] ?? 0));
    return { points: floor, floor: below };
  });
}

type Scale = (value: number) => number;

function linePath(points: readonly (number | null)[], x: Scale, y: Scale): string {
  return points
    .map((point, index) => {
      if (point === null) return "";
      const isFirst = index === 0 || points[index - 1] === null;
      // A point on its own is a short stroke.
      const isAlone = isFirst && (points[index + 1] ?? null) === null;
      return `${isFirst ? "M" : "L"}${x(index)} ${y(point)}${isAlone ? "h1.5" : ""}`;
    })
    .join("");
}

function areaPath(points: readonly (number | null)[], floor: readonly number[], x: Scale, y: Scale): string {
  if (points.length === 0) return "";
  const upper = points.map((point, index) => `${index === 0 ? "M" : "L"}${x(index)} ${y(point ?? 0)}`);
  const lower = floor.map((value, index) => `L${x(index)} ${y(value)}`).toReversed();
  return `${upper.join("")}${lower.join("")}Z`;
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, … that is not below it; 1 where there is nothing. */
export function niceMost(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 0.999) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
