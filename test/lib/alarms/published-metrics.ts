import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { METRICS, METRICS_NAMESPACE } from "../../../core/settings/names.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { measuredIn } from "../../../core/dashboard/panel.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { PROGRAMS, type ProgramName } from "../../../lib/program/bundle.ts";
import { sourcesOf } from "../program/program-sources.ts";
import { synthesize } from "../synthesized-stack.ts";

interface AskedMetric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

const place = {
  settings: parseSettings({}),
  cluster: "c",
  service: "s",
  natGateways: [],
  functions: [],
  logGroups: [],
};
const byAlarms = Object.values(synthesize().template.findResources("AWS::CloudWatch::Alarm")).flatMap(
  ({ Properties }): AskedMetric[] => [
    Properties,
    ...(Properties.Metrics ?? []).map(({ MetricStat }: { MetricStat?: { Metric: AskedMetric } }) => MetricStat?.Metric),
  ],
);
const byPanels = sectionsOf(place)
  .flatMap(({ panels }) => panels)
  .flatMap((panel) => ("series" in panel ? panel.series : []))
  .flatMap(({ value }) => measuredIn(value))
  .map(({ namespace, name, dimensions }) => ({
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  }));
const asked = new Set(
  [...byAlarms, ...byPanels].flatMap((metric) =>
    metric?.Namespace === METRICS_NAMESPACE
      ? `${String(metric.Dimensions?.find(({ Name }) => Name === "service")?.Value)} ${metric.MetricName}`
      : [],
  ),
);
const counted = new Set(
  (Object.keys(PROGRAMS) as ProgramName[]).flatMap((program) => {
    const service = PROGRAMS[program].folder;
    const text = sourcesOf(program)
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    return Object.entries(METRICS).flatMap(([key, name]) =>
      new RegExp(String.raw`\bMETRICS\.${key}\b`).test(text) ? `${service} ${name}` : [],
    );
  }),
);

describe("the metrics of the pipeline that alarms and panels ask for", () => {
  it("are many", () => {
    expect(asked.size).toBeGreaterThan(20);
  });

  it.each([...asked].toSorted())("are counted by the program of which they are asked: %s", (metric) => {
    expect([...counted]).toContain(metric);
  });
});
