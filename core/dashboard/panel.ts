/**
 * What a panel of the dashboard is, as data. The same panels become widgets in CloudWatch, the picture in the docs and
 * the live page of the stack on one machine. Nothing here knows any of the three.
 */

/** A metric of CloudWatch and the statistic that is asked of it, such as `Sum`, `Maximum`, `p99`. */
export interface Measured {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/**
 * Metric math of CloudWatch over other values, which the expression calls by the names they have here: lower case
 * first.
 */
export interface Calculated {
  readonly expression: string;
  readonly using: Readonly<Record<string, Value>>;
}

export type Value = Measured | Calculated;

/** Colours by meaning; one that is told apart by people who see fewer of them, on light and on dark. */
export type Tone = "blue" | "sky" | "green" | "yellow" | "orange" | "red" | "purple" | "grey";

export type Unit = "count" | "perSecond" | "milliseconds" | "seconds" | "percent" | "usd" | "usdPerHour";

export interface Series {
  readonly label: string;
  readonly value: Value;
  readonly tone: Tone;
}

interface PanelBase {
  readonly id: string;
  readonly title: string;
  /** One sentence for who sees it for the first time. */
  readonly help: string;
  /** Of the 24 columns that the dashboard is wide. */
  readonly columns: number;
}

/** Numbers: over the whole time that is shown (`range`), or the newest (`latest`). */
export interface NumbersPanel extends PanelBase {
  readonly kind: "numbers";
  readonly over: "range" | "latest";
  readonly unit: Unit;
  readonly series: readonly Series[];
}

/** Lines, or areas on top of each other. */
export interface ChartPanel extends PanelBase {
  readonly kind: "lines" | "areas";
  readonly unit: Unit;
  readonly series: readonly Series[];
}

/** The names at the top of a rule of Contributor Insights. */
export interface ContributorsPanel extends PanelBase {
  readonly kind: "contributors";
  readonly rule: string;
  readonly top: number;
}

/** Each alarm with its state. */
export interface AlarmsPanel extends PanelBase {
  readonly kind: "alarms";
}

export type Panel = NumbersPanel | ChartPanel | ContributorsPanel | AlarmsPanel;

/** A row of panels under one heading. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export function isCalculated(value: Value): value is Calculated {
  return "expression" in value;
}

/** Every metric that a value rests on. */
export function measuredIn(value: Value): readonly Measured[] {
  return isCalculated(value) ? Object.values(value.using).flatMap(measuredIn) : [value];
}
