import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ConfirmingCounts } from "../../../core/aws/confirming-counts.ts";
import { METRICS } from "../../../core/settings/names.ts";
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

function published(metrics: readonly string[], ...counts: readonly string[]): readonly Line[] {
  const counted = new ConfirmingCounts(metrics, (message, details) => void logged.push([message, details]), "its-own");
  for (const metric of counts) counted.count(metric);
  counted.publish();
  counted.publish();
  return printed.map(({ _aws, ...members }) => members);
}

describe("what acknowledgements and receipts confirm", () => {
  it("is a metric of its own where every one is published", () => {
    const { acknowledged, sandboxConfirmed } = METRICS;
    expect(published([EVERY_METRIC], acknowledged, acknowledged, sandboxConfirmed)).toEqual([
      { service: "its-own", Acknowledged: [1, 1], SandboxConfirmed: 1 },
    ]);
    expect(logged).toEqual([]);
  });

  it.each([METRICS.acknowledged, METRICS.confirmed])(
    "is confirmed by the function that calls in small-account mode, and in the log what it is: %s",
    (metric) => {
      expect(published([], metric, metric)).toEqual([{ service: "confirmation-transactions", Confirmed: [1, 1] }]);
      expect(logged).toEqual([["counted", { counts: { [metric]: 2 } }]]);
    },
  );

  it("is in the log alone there where it is the sandbox's", () => {
    expect(published([], METRICS.sandboxConfirmed)).toEqual([]);
    expect(logged).toEqual([["counted", { counts: { SandboxConfirmed: 1 } }]]);
  });

  it("is nothing where there is none", () => {
    expect(published([])).toEqual([]);
    expect(logged).toEqual([]);
  });
});
