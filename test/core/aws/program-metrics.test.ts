import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ProgramMetrics } from "../../../core/aws/program-metrics.ts";
import { EVERY_METRIC } from "../../../core/settings/published-metrics.ts";

type Line = Readonly<Record<string, unknown>>;

let printed: Line[];
let logged: [string, Line][];

beforeEach(() => {
  Object.assign(process.env, {
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_SERVICE_NAME: "a-program",
    POWERTOOLS_DEV: "true",
    POWERTOOLS_METRICS_DISABLED: "false",
  });
  printed = [];
  logged = [];
  jest.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(JSON.parse(String(line)) as Line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

function metricsWith(published: readonly string[]): ProgramMetrics {
  return new ProgramMetrics(published, (message, details) => void logged.push([message, details]));
}

describe("the metrics of a program", () => {
  it("are all published where every one is, with their parts", () => {
    const metrics = metricsWith([EVERY_METRIC]);
    metrics.addMetric("Confirmed", MetricUnit.Count, 2);
    metrics.addPart("Released", "reason", "lease over", 3);
    metrics.publishStoredMetrics();
    expect(printed).toMatchObject([
      { Released: 3, reason: "lease over" },
      { Confirmed: 2, service: "a-program" },
    ]);
    expect(logged).toEqual([]);
  });

  it("are those of its list and no other; the rest is a line of the log, once", () => {
    const metrics = metricsWith(["Confirmed"]);
    for (const name of ["Confirmed", "Parked", "Parked"]) metrics.addMetric(name, MetricUnit.Count, 1);
    metrics.addPart("Released", "reason", "lease over", 3);
    metrics.publishStoredMetrics();
    metrics.publishStoredMetrics();
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatchObject({ Confirmed: 1 });
    expect(printed[0]).not.toHaveProperty("Parked");
    expect(logged).toEqual([["counted", { counts: { Parked: 2, "Released lease over": 3 } }]]);
  });

  it("may count under another program's name", () => {
    const metrics = new ProgramMetrics([EVERY_METRIC], () => undefined, "another");
    metrics.addMetric("Acknowledged", MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    expect(printed).toMatchObject([{ Acknowledged: 1, service: "another" }]);
  });

  it("say nothing where nothing was counted", () => {
    const metrics = metricsWith([]);
    metrics.addMetric("Released", MetricUnit.Count, 0);
    expect(metrics.hasStoredMetrics()).toBe(true);
    metrics.publishStoredMetrics();
    expect(metrics.hasStoredMetrics()).toBe(false);
    expect([printed, logged]).toEqual([[], []]);
  });
});
