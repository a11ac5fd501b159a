/** The dashboard as it is shown at one moment: panels with their numbers, as JSON. */
import { evaluateOrNothing, type MetricReader, type Timeline } from "./evaluate.ts";
import {
  type ChartPanel,
  measuredIn,
  type Measured,
  type NumbersPanel,
  type Panel,
  type Section,
  type Series,
  type Tone,
  type Unit,
} from "./panel.ts";

export interface ShownSeries {
  readonly label: string;
  readonly tone: Tone;
  /** Oldest first; null where nothing was measured. */
  readonly points: readonly (number | null)[];
  /** Of the whole time that is shown, or of the newest period in which something was measured. */
  readonly value: number | null;
  /** What one should know of it, such as that it is not measured here. */
  readonly note?: string;
}

interface ShownBase {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly columns: number;
}

export interface ShownNumbers extends ShownBase {
  readonly kind: NumbersPanel["kind"];
  readonly over: NumbersPanel["over"];
  readonly unit: Unit;
  readonly series: readonly ShownSeries[];
}

export interface ShownChart extends ShownBase {
  readonly kind: ChartPanel["kind"];
  readonly unit: Unit;
  readonly series: readonly ShownSeries[];
}

export interface ShownContributors extends ShownBase {
  readonly kind: "contributors";
  /** Most first. Names are hostile input. */
  readonly rows: readonly { readonly name: string; readonly value: number }[];
  readonly note?: string;
}

/** The states of CloudWatch, and one for what is not evaluated, or not where it is shown. */
export const ALARM_STATES = ["OK", "ALARM", "INSUFFICIENT_DATA", "NOT_EVALUATED"] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export interface ShownAlarm {
  readonly name: string;
  readonly state: AlarmState;
  /** Epoch milliseconds since when it is in this state; left out where nobody says. */
  readonly sinceMs?: number;
  readonly why: string;
  readonly what: string;
  /** What to do about it. */
  readonly runbook?: RunbookPlace;
}

export interface RunbookPlace {
  readonly heading: string;
  /** Of the heading; a path in this repository, unless the settings say where the runbook is. */
  readonly address: string;
}

export interface ShownAlarms extends ShownBase {
  readonly kind: "alarms";
  readonly rows: readonly ShownAlarm[];
}

export type ShownPanel = ShownNumbers | ShownChart | ShownContributors | ShownAlarms;

export interface Shown {
  readonly endMs: number;
  readonly periodSeconds: number;
  readonly periods: number;
  readonly sections: readonly { readonly title: string; readonly panels: readonly ShownPanel[] }[];
}

/** Where the numbers come from. */
export interface Source {
  readonly read: MetricReader;
  /** What there is to say of the metric, such as that it is not measured here. */
  readonly noteOn: (metric: Measured) => string | undefined;
  /** Undefined where there is no such rule. */
  readonly contributors: (rule: string, top: number) => ShownContributors["rows"] | undefined;
  readonly alarms: readonly ShownAlarm[];
}

export function show(sections: readonly Section[], timeline: Timeline, source: Source): Shown {
  return {
    ...timeline,
    sections: sections.map(({ title, panels }) => ({
      title,
      panels: panels.map((panel) => showPanel(panel, timeline, source)),
    })),
  };
}

function showPanel(panel: Panel, timeline: Timeline, source: Source): ShownPanel {
  const { id, title, help, columns } = panel;
  const base = { id, title, help, columns };
  const shown = (series: readonly Series[], over: "range" | "latest") =>
    series.map((one) => showSeries(one, over, timeline, source));
  switch (panel.kind) {
    case "numbers": {
      const { kind, over, unit } = panel;
      return { ...base, kind, over, unit, series: shown(panel.series, over) };
    }
    case "lines":
    case "areas": {
      const { kind, unit } = panel;
      return { ...base, kind, unit, series: shown(panel.series, "latest") };
    }
    case "contributors": {
      const rows = source.contributors(panel.rule, panel.top);
      return { ...base, kind: panel.kind, rows: rows ?? [], ...(rows === undefined && { note: "no such rule" }) };
    }
    default:
      return { ...base, kind: panel.kind, rows: source.alarms };
  }
}

function showSeries(
  { label, tone, value }: Series,
  over: "range" | "latest",
  timeline: Timeline,
  source: Source,
): ShownSeries {
  const points = evaluateOrNothing(value, timeline, source.read).map((point) => point ?? null);
  const note = noteOn(measuredIn(value), source);
  return {
    label,
    tone,
    points,
    value: over === "latest" ? (points.findLast((point) => point !== null) ?? null) : ofRange(value, timeline, source),
    ...(note !== undefined && { note }),
  };
}

function ofRange(value: Series["value"], { endMs, periodSeconds, periods }: Timeline, { read }: Source): number | null {
  const [whole] = evaluateOrNothing(value, { endMs, periodSeconds: periodSeconds * periods, periods: 1 }, read);
  return whole ?? null;
}

/** Of one that rests on several: what holds for all of them, or else for a part. */
function noteOn(metrics: readonly Measured[], source: Source): string | undefined {
  const notes = metrics.map((metric) => source.noteOn(metric));
  const note = notes.find((one) => one !== undefined);
  if (note === undefined) return undefined;
  return notes.every((one) => one !== undefined) ? note : `${note}, in part`;
}
