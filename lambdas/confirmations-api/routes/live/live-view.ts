/** From the dashboard as it was read to what the API shows of it. */
import type { Reading } from "../../../../core/aws/shared-reading.ts";
import type { Shown, ShownPanel, ShownSeries } from "../../../../core/dashboard/shown.ts";
import type { LivePanelView, LiveView } from "./live-schema.ts";

/** What has a fraction is cut to so many digits that count: nobody reads more, and a series has hundreds. */
const DIGITS = 6;
/** While somebody reads anew the others get what is kept: it is late when nobody has done so for a while. */
const LATE_AFTER_MS = 15_000;
/** After which one may ask again where what is kept is old, and where it is late. */
const OLD_SECONDS = 2;
const LATE_SECONDS = 5;

/** @param keptMs milliseconds for which a reading is fresh */
export function liveView({ value: shown, readAtMs }: Reading<Shown>, keptMs: number, nowMs: number): LiveView {
  const leftMs = readAtMs + keptMs - nowMs;
  const isLate = leftMs <= -LATE_AFTER_MS;
  const soonest = isLate ? LATE_SECONDS : OLD_SECONDS;
  const { endMs, periodSeconds, periods, sections } = shown;
  return {
    readAt: new Date(readAtMs).toISOString(),
    freshSeconds: leftMs <= 0 ? soonest : Math.ceil(leftMs / 1000),
    isLate,
    endAt: new Date(endMs).toISOString(),
    periodSeconds,
    periods,
    sections: sections.map(({ title, panels }) => ({ title, panels: panels.map(panelView) })),
  };
}

function panelView(panel: ShownPanel): LivePanelView {
  if (panel.kind === "contributors") return { ...panel, rows: [...panel.rows] };
  if (panel.kind === "alarms")
    return {
      ...panel,
      rows: panel.rows.map(({ sinceMs, ...alarm }) => ({
        ...alarm,
        ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
      })),
    };
  return { ...panel, series: panel.series.map(seriesView) };
}

function seriesView({ points, value, ...series }: ShownSeries) {
  return { ...series, points: points.map(shortened), value: shortened(value) };
}

function shortened(value: number | null): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
