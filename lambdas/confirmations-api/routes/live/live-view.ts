/** From the dashboard as it was read to what the API shows of it. */
import type { Reading } from "../../../../core/aws/shared-reading.ts";
import type { Shown, ShownPanel, ShownSeries } from "../../../../core/dashboard/shown.ts";
import type { LivePanelView, LiveView } from "./live-schema.ts";

/** What has a fraction is cut to so many digits that count: nobody reads more, and a series has hundreds. */
const DIGITS = 6;
/** After which one may ask again where what is kept is late. */
const LATE_SECONDS = 5;

/** @param keptMs milliseconds for which a reading is fresh */
export function liveView({ value: shown, readAtMs }: Reading<Shown>, keptMs: number, nowMs: number): LiveView {
  const leftMs = readAtMs + keptMs - nowMs;
  const isLate = leftMs <= 0;
  const { endMs, periodSeconds, periods, sections } = shown;
  return {
    readAt: new Date(readAtMs).toISOString(),
    freshSeconds: isLate ? Math.min(LATE_SECONDS, Math.ceil(keptMs / 1000)) : Math.ceil(leftMs / 1000),
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
