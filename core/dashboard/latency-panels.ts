/**
 * How long it takes: from the write to the confirmed record, of which the queue and the merchant's response are parts.
 */
import { METRICS } from "../settings/names.ts";
import { counted } from "./metrics.ts";
import type { ChartPanel, Section, Tone } from "./panel.ts";

const TONES = { p50: "green", p90: "yellow", p99: "red" } as const satisfies Readonly<Record<string, Tone>>;

type Percentile = keyof typeof TONES;

function percentiles(
  panel: Pick<ChartPanel, "id" | "title" | "help">,
  metric: Parameters<typeof counted>[0],
  shown: readonly Percentile[],
): ChartPanel {
  const series = shown.map((statistic) => ({
    label: statistic,
    value: counted(metric, undefined, statistic),
    tone: TONES[statistic],
  }));
  return { ...panel, kind: "lines", columns: 8, unit: "milliseconds", series };
}

export const LATENCY: Section = {
  title: "Latency",
  panels: [
    percentiles(
      {
        id: "commit-to-confirmed",
        title: "Write to confirmed",
        help: "From the write of a version until its row says CONFIRMED by a response, retries included.",
      },
      METRICS.commitToConfirmed,
      ["p50", "p90", "p99"],
    ),
    percentiles(
      { id: "webhook-latency", title: "Merchants' answers", help: "One call of a webhook, whatever its outcome." },
      METRICS.webhookLatency,
      ["p50", "p90", "p99"],
    ),
    percentiles({ id: "queue-age", title: "In the queue", help: "From sent to first received." }, METRICS.queueAge, [
      "p50",
      "p99",
    ]),
  ],
};
