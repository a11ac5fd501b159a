/**
 * The drawing of one chart, by uPlot: lines with gaps where nothing was measured, or areas on top of each other, and
 * the cursor. It says nothing that the legend and the table do not say too.
 */
import uPlot from "uplot";
import type { Tone, Unit } from "../../../core/dashboard/panel.ts";
import { niceMost, shortNumber, TONE_COLOURS } from "../../../core/dashboard/show.ts";
import { type Ground, groundNow } from "./ground.ts";

const HEIGHT = 130;
const LEAST_WIDTH = 160;
const TICK_FONT = "11px system-ui, sans-serif";
const DASHES = [[], [6, 3], [2, 3]] as const;
/** Of a colour as `#rrggbb`: three quarters. */
const AREA_ALPHA = "bf";
const QUIET: Readonly<Record<Ground, string>> = { light: "#5b6675", dark: "#9aa6b6" };
const EDGE: Readonly<Record<Ground, string>> = { light: "#dfe3e8", dark: "#2a3340" };
const AXIS = {
  stroke: () => QUIET[groundNow()],
  grid: { stroke: () => EDGE[groundNow()], width: 1 },
  font: TICK_FONT,
  ticks: { show: false },
};
/** Steps of the labels of time, in seconds: none shows twice. */
const STEPS_SECONDS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800] as const;
const DAY_SECONDS = 86_400;
const NOWHERE = { left: -10, top: -10 };

/** A line of a chart, or a layer of its areas. */
export interface ChartSeries {
  readonly label: string;
  readonly tone: Tone;
  /** One a period, oldest first; null where nothing was measured. */
  readonly points: readonly (number | null)[];
  /** What the legend shows while no period is read. @default the newest point that is there */
  readonly value?: number | null | undefined;
  /** What one should know of it. */
  readonly note?: string | undefined;
}

/** What is drawn: so many periods of a length, the last one ending at a time. */
export interface Drawing {
  readonly kind: "lines" | "areas";
  readonly unit: Unit;
  readonly series: readonly ChartSeries[];
  /** Epoch milliseconds. */
  readonly endMs: number;
  readonly periodSeconds: number;
  readonly periods: number;
}

/** Strokes and gaps of a line, as `stroke-dasharray` has them. */
export function dashOf(index: number): string {
  return (DASHES[index % DASHES.length] ?? []).join(" ");
}

/** Epoch milliseconds at which a period ends. */
export function periodEndMs({ endMs, periods, periodSeconds }: Omit<Drawing, "kind" | "unit">, index: number): number {
  return endMs - (periods - 1 - index) * periodSeconds * 1000;
}

export interface Plot {
  /** @param locale of the labels */
  update(drawing: Drawing, locale: string): void;
  /** Puts the cursor on a period; without one it goes. */
  read(index?: number): void;
  end(): void;
}

/** @param onRead told which period the cursor is on, if it is on one */
export function plotIn(figure: HTMLElement, onRead: (index: number | undefined) => void): Plot {
  let plot: uPlot | undefined;
  let drawn = "";
  return {
    update(drawing, locale) {
      const data = dataOf(drawing);
      const { kind, unit, series, periods, periodSeconds } = drawing;
      const tones = series.map(({ tone }) => tone);
      const made = JSON.stringify([kind, unit, tones, periods * periodSeconds, locale, groundNow()]);
      if (plot !== undefined && made === drawn) {
        if (plot.width !== widthOf(figure)) plot.setSize({ width: widthOf(figure), height: HEIGHT });
        plot.setData(data);
        return;
      }
      plot?.destroy();
      plot = new uPlot(optionsOf(drawing, locale, widthOf(figure), onRead), data, figure);
      drawn = made;
    },
    read(index) {
      const at = index === undefined ? undefined : plot?.data[0][index];
      plot?.setCursor(at === undefined ? NOWHERE : { left: plot.valToPos(at, "x"), top: 0 });
    },
    end() {
      plot?.destroy();
      plot = undefined;
    },
  };
}

function widthOf(figure: HTMLElement): number {
  return Math.max(LEAST_WIDTH, figure.clientWidth);
}

function optionsOf(
  { kind, unit, series, periods, periodSeconds }: Drawing,
  locale: string,
  width: number,
  onRead: (index: number | undefined) => void,
): uPlot.Options {
  const isOfDays = periods * periodSeconds > DAY_SECONDS;
  const tick = new Intl.DateTimeFormat(locale, isOfDays ? { dateStyle: "short" } : { timeStyle: "short" });
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
        incrs: [...STEPS_SECONDS],
        values: (_plot, times) => times.map((seconds) => tick.format(seconds * 1000)),
      },
      {
        ...AXIS,
        size: 58,
        splits: (_plot, _axis, _least, most) => [0, most / 2, most],
        values: (_plot, values) => values.map((value) => (value === 0 ? "" : shortNumber(value, unit, locale))),
      },
    ],
    series: [{}, ...series.map(({ tone }, index) => (kind === "areas" ? areaOf(tone) : lineOf(tone, index)))],
    bands: kind === "areas" ? series.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) : [],
    hooks: { setCursor: [({ cursor }) => onRead(cursor.idx ?? undefined)] },
  };
}

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
function dataOf(drawing: Drawing): uPlot.AlignedData {
  const { kind, series, periods } = drawing;
  const times = Array.from({ length: periods }, (_, index) => periodEndMs(drawing, index) / 1000);
  if (kind === "lines") return [times, ...series.map(({ points }) => [...points])];
  let below: readonly number[] = times.map(() => 0);
  const layers = series.map(({ points }) => {
    below = points.map((point, index) => (point ?? 0) + (below[index] ?? 0));
    return [...below];
  });
  return [times, ...layers];
}

function colourOf(tone: Tone): string {
  return TONE_COLOURS[tone][groundNow()];
}
