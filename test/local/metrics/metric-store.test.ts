import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Timeline } from "../../../core/dashboard/evaluate.ts";
import { metricsIn, parseLogLine } from "../../../local/metrics/emf-line.ts";
import { KEPT_SECONDS, MetricStore } from "../../../local/metrics/metric-store.ts";

const START = Date.UTC(2026, 10, 22, 12);
const metric = { namespace: "N", name: "M", dimensions: { service: "s" } };
const minutes = (endMs: number, periods: number): Timeline => ({ endMs, periodSeconds: 60, periods });

function store(): { readonly metrics: MetricStore; readonly at: (seconds: number) => void } {
  let now = START;
  return {
    metrics: new MetricStore(() => now),
    at(seconds) {
      now = START + seconds * 1000;
    },
  };
}

describe("the metrics of the stack on one machine", () => {
  it("gives a number for each period, and none for one in which nothing came in", () => {
    const { metrics, at } = store();
    metrics.record({ ...metric, values: [1, 2] });
    at(125);
    metrics.record({ ...metric, values: [4] });

    expect(metrics.read({ ...metric, statistic: "Sum" }, minutes(START + 180_000, 3))).toEqual([3, undefined, 4]);
  });

  it.each([
    ["Sum", 10],
    ["SampleCount", 4],
    ["Average", 2.5],
    ["Minimum", 1],
    ["Maximum", 4],
    ["p100", 4],
    ["PR(:2)", 50],
    ["PR(2:)", 50],
  ])("knows the statistic %s", (statistic, value) => {
    const { metrics } = store();
    metrics.record({ ...metric, values: [1, 2, 3, 4] });
    const [read] = metrics.read({ ...metric, statistic }, minutes(START + 60_000, 1));
    expect(read).toBeCloseTo(value, 5);
  });

  it("says that it does not know any other statistic", () => {
    const { metrics } = store();
    metrics.record({ ...metric, values: [1] });
    expect(() => metrics.read({ ...metric, statistic: "TM(10%:90%)" }, minutes(START + 60_000, 1))).toThrow(
      "TM(10%:90%) is not known here",
    );
  });

  it("keeps metrics apart by their dimensions, in whatever order those are", () => {
    const { metrics } = store();
    metrics.record({ ...metric, dimensions: { a: "1", b: "2" }, values: [1] });
    metrics.record({ ...metric, dimensions: { b: "2", a: "1" }, values: [1] });
    metrics.record({ ...metric, dimensions: { a: "1" }, values: [5] });
    const read = (dimensions: Readonly<Record<string, string>>) =>
      metrics.read({ ...metric, dimensions, statistic: "Sum" }, minutes(START + 60_000, 1));
    expect([read({ a: "1", b: "2" }), read({ a: "1" }), read({})]).toEqual([[2], [5], [undefined]]);
  });

  it("forgets what is older than an hour", () => {
    const { metrics, at } = store();
    metrics.record({ ...metric, values: [1] });
    at(KEPT_SECONDS + 60);
    metrics.record({ ...metric, values: [2] });
    const whole = { endMs: START + (KEPT_SECONDS + 120) * 1000, periodSeconds: KEPT_SECONDS * 2, periods: 1 };
    expect(metrics.read({ ...metric, statistic: "Sum" }, whole)).toEqual([2]);
  });

  it("has percentiles that are off by 1 % at most", () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(50, 90, 99), (all, percent) => {
        const { metrics } = store();
        metrics.record({ ...metric, values: all });
        const exact = all.toSorted((one, other) => one - other)[Math.ceil((percent / 100) * all.length) - 1] ?? 0;
        const [read = 0] = metrics.read({ ...metric, statistic: `p${percent}` }, minutes(START + 60_000, 1));
        expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(0.0101);
      }),
    );
  });
});

describe("a line of a program's output", () => {
  const line = (members: object, dimensions: readonly (readonly string[])[] = [["service"]]) =>
    JSON.stringify({
      _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: "N", Dimensions: dimensions, Metrics: [{ Name: "M" }] }] },
      service: "s",
      ...members,
    });
  const metricsOf = (text: string) => metricsIn(parseLogLine(text) ?? {});

  it("is taken as CloudWatch takes it: a number, a list, a histogram", () => {
    expect(metricsOf(line({ M: 3 }))).toEqual([{ ...metric, values: [3], counts: [1] }]);
    expect(metricsOf(line({ M: [1, 2] }))).toEqual([{ ...metric, values: [1, 2], counts: [1, 1] }]);
    expect(metricsOf(line({ M: { Values: [1, 2], Counts: [3, 4] } }))).toEqual([
      { ...metric, values: [1, 2], counts: [3, 4] },
    ]);
  });

  it("counts once for each set of dimensions", () => {
    const sets = metricsOf(line({ M: 1, class: "timeout" }, [["service"], ["service", "class"]]));
    expect(sets.map(({ dimensions }) => dimensions)).toEqual([{ service: "s" }, { service: "s", class: "timeout" }]);
  });

  it.each([
    "",
    "no JSON",
    '{"_aws":',
    "[1]",
    "null",
    '{"_aws":{"CloudWatchMetrics":7}}',
    line({}),
    line({ M: "x" }),
    "{".repeat(2_000_000),
  ])("that holds no metrics, as %.30j, has none", (text) => {
    expect(metricsOf(text)).toEqual([]);
  });
});
