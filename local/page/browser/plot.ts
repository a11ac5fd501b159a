/**
 * The drawing of one chart, by uPlot: lines with gaps where nothing was measured, or areas on top of each other, and
 * the cursor. It says nothing that the legend and the table do not say too.
 */
import uPlot from "uplot";
import { niceMost, shortNumber, TONE_COLOURS } from "../../../core/dashboard/show.ts";
import type { Shown, ShownChart } from "../../../core/dashboard/shown.ts";

const HEIGHT = 130;
const LEAST_WIDTH = 200;
const TICK_FONT = "11px system-ui, sans-serif";
const DASHES = [[], [6, 3], [2, 3]] as const;
/** Of a colour as `#rrggbb`: three quarters. */
const AREA_ALPHA = "bf";
const AXIS = {
  stroke: () => styleOf("--quiet"),
  grid: { stroke: () => styleOf("--edge"), width: 1 },
  font: TICK_FONT,
  ticks: { show: false },
};
/** Steps of the labels of time, in seconds: none shows twice. */
const WHOLE_MINUTES = [60, 120, 300, 600, 900, 1800, 3600] as const;
const NOWHERE = { left: -10, top: -10 };

/** What stands for a series in the legend: a stroke as its line is, or a patch of its area. 18 by 10. */
export function keyOf(kind: ShownChart["kind"], index: number): string {
  const dash = (DASHES[index % DASHES.length] ?? []).join(" ");
  return kind === "areas"
    ? '<rect class="key" width="10" height="10" rx="2"/>'
    : `<line class="line" x1="0" x2="18" y1="6" y2="6"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
}

export interface Plot {
  update(panel: ShownChart, shown: Shown): void;
  /** Puts the cursor on a period; without one it goes. */
  read(index?: number): void;
}

/** @param onRead told which period the cursor is on, if it is on one */
export function plotIn(figure: HTMLElement, onRead: (index: number | undefined) => void): Plot {
  let plot: uPlot | undefined;
  let drawn = "";
  return {
    update(panel, shown) {
      const data = dataOf(panel, shown);
      const kind = JSON.stringify([panel.kind, panel.unit, panel.series.map(({ tone }) => tone)]);
      if (plot !== undefined && kind === drawn) {
        if (plot.width !== widthOf(figure)) plot.setSize({ width: widthOf(figure), height: HEIGHT });
        plot.setData(data);
        return;
      }
      plot?.destroy();
      plot = new uPlot(optionsOf(panel, widthOf(figure), onRead), data, figure);
      drawn = kind;
    },
    read(index) {
      const at = index === undefined ? undefined : plot?.data[0][index];
      plot?.setCursor(at === undefined ? NOWHERE : { left: plot.valToPos(at, "x"), top: 0 });
    },
  };
}

function widthOf(figure: HTMLElement): number {
  return Math.max(LEAST_WIDTH, figure.clientWidth);
}

function optionsOf(
  { kind, unit, series }: ShownChart,
  width: number,
  onRead: (index: number | undefined) => void,
): uPlot.Options {
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: true }, y: { range: (_plot, _least, most) => [0, niceMost(most)] } },
    axes: [
      {
        ...AXIS,
        grid: { show: false },
        size: 20,
        space: 70,
        incrs: [...WHOLE_MINUTES],
        values: (_plot, times) => times.map(minuteOf),
      },
      {
        ...AXIS,
        size: 58,
        splits: (_plot, _axis, _least, most) => [0, most / 2, most],
        values: (_plot, values) => values.map((value) => (value === 0 ? "" : shortNumber(value, unit))),
      },
    ],
    series: [{}, ...series.map(({ tone }, index) => (kind === "areas" ? areaOf(tone) : lineOf(tone, index)))],
    bands: kind === "areas" ? series.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) : [],
    hooks: { setCursor: [({ cursor }) => onRead(cursor.idx ?? undefined)] },
  };
}

type Tone = keyof typeof TONE_COLOURS;

function lineOf(tone: Tone, index: number): uPlot.Series {
  const dash = DASHES[index % DASHES.length] ?? [];
  const points = { show: true, size: 3, filter: alone };
  return { stroke: () => colourOf(tone), width: 1.75, ...(dash.length > 0 && { dash: [...dash] }), points };
}

function areaOf(tone: Tone): uPlot.Series {
  return { fill: () => `${colourOf(tone)}${AREA_ALPHA}`, points: { show: false } };
}

/** Values with nothing measured on either side, through which there is no line. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  return Array.from({ length: values.length }, (_, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}

/** Each layer on those before it; what was not measured adds nothing. */
function dataOf({ kind, series }: ShownChart, { endMs, periods, periodSeconds }: Shown): uPlot.AlignedData {
  const times = Array.from({ length: periods }, (_, index) => endMs / 1000 - (periods - 1 - index) * periodSeconds);
  if (kind === "lines") return [times, ...series.map(({ points }) => [...points])];
  let below: readonly number[] = times.map(() => 0);
  const layers = series.map(({ points }) => {
    below = points.map((point, index) => (point ?? 0) + (below[index] ?? 0));
    return [...below];
  });
  return [times, ...layers];
}

function colourOf(tone: Tone): string {
  const { light, dark } = TONE_COLOURS[tone];
  return matchMedia("(prefers-color-scheme: dark)").matches ? dark : light;
}

function styleOf(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property);
}

function minuteOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
